/** A block of the tutorial's chain, and the bytes it is hashed over. */
import type { BlockFields } from './block-fields.js';
import { numberText, stringText } from './canonical.js';
import { InvalidBlock, InvalidTransaction } from './errors.js';
import { sha256 } from './hash.js';
import { Float, isJsonNumber, isJsonObject, type JsonNumber, parseJson, parseJsonOr } from './json.js';
import { PlainBlock } from './plain-block.js';
import { identified, readTransaction, type Transaction } from './transaction.js';

export type { BlockFields } from './block-fields.js';

/** A block's canonical JSON has at most this many bytes. */
export const MAX_BLOCK_BYTES = 1 << 20;
/** The tutorial's chains begin at 1. */
export const GENESIS_INDEX = 1;

const HASH = /^[0-9a-f]{64}$/;
const KEYS = ['index', 'timestamp', 'transactions', 'proof', 'previous_hash'] as const;
/** A genesis has no block before it; implementations write "1", 1, or whatever they like, within reason. */
const MAX_GENESIS_PREVIOUS_HASH = 64;

type Rest = Pick<BlockFields, 'timestamp' | 'transactions'>;

/** A well-formed block together with the canonical bytes it was hashed over; nothing is hashed twice. */
export class Block implements BlockFields {
  readonly index: number;
  readonly proof: number;
  readonly previous_hash: string | JsonNumber;
  /** Its canonical JSON, never to be changed. */
  readonly bytes: Uint8Array;
  readonly #plain: PlainBlock | undefined;
  #rest: Rest | undefined;
  #hash: string | undefined;
  #ids: readonly string[] | undefined;

  /**
   * For fields known to be well formed; anything else goes through {@link readBlock} or {@link decodeBlock}.
   *
   * @param bytes its canonical JSON, where that is there already; what a plain block was read from
   */
  constructor(fields: BlockFields, bytes?: Uint8Array);
  constructor(fields: PlainBlock, bytes: Uint8Array);
  constructor(fields: BlockFields | PlainBlock, bytes?: Uint8Array) {
    this.index = fields.index;
    this.proof = fields.proof;
    this.previous_hash = fields.previous_hash;
    if (fields instanceof PlainBlock) {
      this.bytes = bytes as Uint8Array;
      this.#plain = fields;
    } else {
      this.bytes = bytes ?? encodeBlock(fields);
      this.#rest = restOf(fields);
    }
  }

  get timestamp(): JsonNumber {
    return this.#written.timestamp;
  }

  get transactions(): readonly Transaction[] {
    return this.#written.transactions;
  }

  /** Whether its bytes alone show that it pays the tutorial's reward, once and last; where not, its transactions tell. */
  get isPlainlyRewarded(): boolean {
    return this.#plain?.isRewarded ?? false;
  }

  /** SHA-256 of its canonical JSON, 64 hex digits. */
  get hash(): string {
    this.#hash ??= sha256(this.bytes);
    return this.#hash;
  }

  /** The ids of its transactions that have one of their own: those with a nonce. */
  get ids(): readonly string[] {
    this.#ids ??= this.#plain?.ids ?? idsOf(this.transactions);
    return this.#ids;
  }

  /** What checks of a plain block do not need is read when somebody asks. */
  get #written(): Rest {
    this.#rest ??= restOf(readFields(parseJson(this.bytes)));
    return this.#rest;
  }

  /** Its transaction of this id, if it has one with a nonce. */
  transactionWith(id: string): Transaction | undefined {
    const at = this.ids.indexOf(id);
    return at === -1 ? undefined : identified(this.transactions)[at];
  }

  toJSON(): BlockFields {
    const { index, timestamp, transactions, proof, previous_hash } = this;
    return { index, timestamp, transactions, proof, previous_hash };
  }
}

function restOf({ timestamp, transactions }: BlockFields): Rest {
  return { timestamp, transactions };
}

/** The ids of all their transactions that have one of their own, in order. */
export function idsIn(blocks: readonly Block[]): string[] {
  const all: string[] = [];
  // Most blocks have none: nothing is made for those.
  for (const { ids } of blocks) for (const id of ids) all.push(id);
  return all;
}

function idsOf(transactions: readonly Transaction[]): readonly string[] {
  return identified(transactions).map(({ id }) => id);
}

/** The canonical JSON that a block is hashed over. */
export function encodeBlock({
  index,
  timestamp,
  transactions,
  proof,
  previous_hash,
}: BlockFields): Uint8Array {
  const previousHash =
    typeof previous_hash === 'string' ? stringText(previous_hash) : numberText(previous_hash);
  const payments = transactions.map((transaction) => transaction.text).join(', ');
  // Written out, its keys in order: every block that comes in is held to it.
  const text = `{"index": ${index}, "previous_hash": ${previousHash}, "proof": ${proof}, "timestamp": ${numberText(timestamp)}, "transactions": [${payments}]}`;
  return Buffer.from(text, 'latin1');
}

/**
 * A well-formed block out of parsed JSON or a plain object, normalised. Says nothing about what came before it.
 *
 * @throws InvalidBlock `malformed`, `too-large`
 */
export function readBlock(value: unknown): Block {
  if (value instanceof Block) return value;
  const fields = readFields(value);
  return checkSize(new Block(fields));
}

/**
 * A well-formed block from the wire, where only canonical bytes are accepted.
 *
 * @throws InvalidBlock `malformed`, `not-canonical`, `too-large`
 */
export function decodeBlock(bytes: Uint8Array): Block {
  if (bytes.length > MAX_BLOCK_BYTES) throw tooLarge(bytes.length);
  const plain = PlainBlock.read(bytes);
  if (plain !== undefined) return new Block(plain, bytes);
  const fields = readFields(parseJsonOr(bytes, malformed));
  if (Buffer.compare(encodeBlock(fields), bytes) !== 0) {
    throw new InvalidBlock('not-canonical', `block ${fields.index} is not in canonical JSON`);
  }
  return new Block(fields, bytes);
}

function readFields(value: unknown): BlockFields {
  if (!isJsonObject(value)) throw malformed('a block must be an object');
  for (const key of KEYS)
    if (!Object.hasOwn(value, key))
      throw malformed(`a block must have ${KEYS.join(', ')}: ${key} is missing`);
  const unknown = Object.keys(value).find((key) => !(KEYS as readonly string[]).includes(key));
  if (unknown !== undefined)
    throw malformed(`unknown key ${JSON.stringify(unknown.slice(0, 40))} in a block`);
  const index = readInteger('index', value.index);
  return {
    index,
    timestamp: readTimestamp(value.timestamp),
    transactions: readTransactions(value.transactions),
    proof: readInteger('proof', value.proof),
    previous_hash: readPreviousHash(index, value.previous_hash),
  };
}

function readInteger(key: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw malformed(`${key} must be an integer from 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
  return value;
}

function readTimestamp(value: unknown): JsonNumber {
  const magnitude = value instanceof Float ? value.value : value;
  const good =
    isJsonNumber(value) && (magnitude as number | bigint) >= 0 && magnitude !== Number.POSITIVE_INFINITY;
  if (!good) throw malformed('timestamp must be a number of seconds, 0 or more');
  return value;
}

function readTransactions(value: unknown): Transaction[] {
  if (!Array.isArray(value)) throw malformed('transactions must be a list');
  return value.map((item, position) => {
    try {
      return readTransaction(item);
    } catch (error) {
      if (error instanceof InvalidTransaction)
        throw malformed(`transaction ${position + 1}: ${error.message}`);
      throw error;
    }
  });
}

function readPreviousHash(index: number, value: unknown): string | JsonNumber {
  if (typeof value === 'string' && HASH.test(value)) return value;
  if (index !== GENESIS_INDEX) throw malformed('previous_hash must be 64 lowercase hex digits');
  if (typeof value === 'string' && value.length <= MAX_GENESIS_PREVIOUS_HASH) return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw malformed('the previous_hash of the first block must be "1", or another short text or number');
}

function checkSize(block: Block): Block {
  if (block.bytes.length > MAX_BLOCK_BYTES) throw tooLarge(block.bytes.length);
  return block;
}

function tooLarge(bytes: number): InvalidBlock {
  return new InvalidBlock(
    'too-large',
    `a block has at most ${MAX_BLOCK_BYTES} bytes of canonical JSON, not ${bytes}`,
  );
}

function malformed(message: string): InvalidBlock {
  return new InvalidBlock('malformed', message);
}
