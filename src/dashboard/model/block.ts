/** A block as the page shows it, with the very text it was hashed over. */
import { canonicalJson, numberText } from '../../chain/canonical.js';
import { Float, type JsonNumber } from '../../chain/json.js';
import type { BlockFields, TransactionFields } from '../node/answers.js';
import { sha256Hex } from './hash.js';

export interface ShownTransaction {
  /** Undefined without a nonce: such a one cannot be told from another that says the same. */
  readonly id: string | undefined;
  readonly sender: string;
  readonly recipient: string;
  /** As it is hashed. */
  readonly amount: string;
  readonly isReward: boolean;
}

export interface ShownBlock {
  readonly index: number;
  readonly hash: string;
  readonly previousHash: string;
  readonly proof: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly transactions: readonly ShownTransaction[];
  /** Who got the reward; undefined for a genesis. */
  readonly miner: string | undefined;
  /** Its canonical JSON: the input of its hash. */
  readonly text: string;
}

export function numeric(value: JsonNumber): number {
  return Number(value instanceof Float ? value.value : value);
}

export function shownBlock(fields: BlockFields): ShownBlock {
  const text = canonicalJson(fields);
  const transactions = fields.transactions.map(shownTransaction);
  const { index, proof, previous_hash, timestamp } = fields;
  return {
    index,
    hash: sha256Hex(text),
    previousHash: typeof previous_hash === 'string' ? previous_hash : numberText(previous_hash),
    proof,
    time: numeric(timestamp) * 1000,
    transactions,
    miner: transactions.findLast(({ isReward }) => isReward)?.recipient,
    text,
  };
}

export function shownTransaction(fields: TransactionFields): ShownTransaction {
  const { sender, recipient, amount, nonce } = fields;
  return {
    id: nonce === undefined ? undefined : sha256Hex(canonicalJson(fields)),
    sender,
    recipient,
    amount: numberText(amount),
    isReward: sender === '0',
  };
}
