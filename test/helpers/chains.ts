/** Small valid chains for tests: deterministic unless a random nonce is asked for, and cheap to mine. */
import { randomBytes } from 'node:crypto';
import {
  Block,
  createNetwork,
  type JsonNumber,
  type NetworkSpec,
  rewardFor,
  rulesOf,
  Transaction,
  validProof,
} from '../../src/chain/index.js';

/** A network whose proofs are trivial: any at difficulty 0, one of sixteen at difficulty 1. */
export function testNetwork(
  fields: { difficulty?: number; name?: string; genesis?: Block } = {},
): NetworkSpec {
  return createNetwork({ difficulty: 0, name: 'test', ...fields });
}

export interface NextBlock {
  /** The payments before the reward. */
  transactions?: readonly Transaction[];
  /** Who gets the reward: the simplest way to make two blocks on one parent differ. */
  miner?: string;
  /** Seconds; one for each block since the default genesis, where nothing is said. */
  timestamp?: JsonNumber;
  /** @default 1, whose proofs are valid at difficulty 0 as well */
  difficulty?: number;
}

/** A valid block on top of another. */
export function nextBlock(parent: Block, fields: NextBlock = {}): Block {
  const index = parent.index + 1;
  const { transactions = [], miner = 'miner', timestamp = 1_506_057_125 + index, difficulty = 1 } = fields;
  return new Block({
    index,
    timestamp,
    transactions: [...transactions, rewardFor(miner)],
    proof: smallestProof(parent.proof, difficulty),
    previous_hash: parent.hash,
  });
}

/** The same chain with `count` blocks more; the array given stays as it is. */
export function extend(blocks: readonly Block[], count: number, fields: NextBlock = {}): Block[] {
  const chain = [...blocks];
  for (let i = 0; i < count; i++) chain.push(nextBlock(chain.at(-1)!, fields));
  return chain;
}

/** A valid chain of `length` blocks, the network's genesis among them. */
export function chainOf(network: NetworkSpec, length: number, fields: NextBlock = {}): Block[] {
  const difficulty = Math.max(1, network.difficulty);
  return extend([network.genesis], length - 1, { difficulty, ...fields });
}

/** A payment that may be sent; its nonce is random unless one is given, as by {@link seededNonce}. */
export function payment(
  sender = 'alice',
  recipient = 'bob',
  amount: JsonNumber = 1,
  nonce: string = randomBytes(16).toString('hex'),
): Transaction {
  return new Transaction(sender, recipient, amount, nonce);
}

/** The nonce of a seed: 32 hex digits, another for every whole number from 0 on. */
export function seededNonce(seed: number): string {
  return seed.toString(16).padStart(32, '0');
}

/** Payments with the nonces of consecutive seeds. */
export function payments(count: number, firstSeed = 0): Transaction[] {
  return Array.from({ length: count }, (_, i) => payment('alice', 'bob', 1, seededNonce(firstSeed + i)));
}

export function smallestProof(lastProof: number, difficulty: number): number {
  let proof = 0;
  while (!validProof(lastProof, proof, difficulty)) proof++;
  return proof;
}

/** Checks a chain block by block, from its own first one. @throws InvalidBlock of the first that does not hold */
export function checkChain(blocks: readonly Block[], network: NetworkSpec): void {
  const rules = rulesOf(network);
  const used = new Set<string>();
  blocks.forEach((block, position) => {
    const parent = blocks[position - 1];
    if (parent === undefined) rules.checkGenesis(block);
    else rules.checkBlock(block, parent, (id) => used.has(id));
    for (const { nonce, id } of block.transactions) if (nonce !== undefined) used.add(id);
  });
}

/** A chain as `GET /chain` and the tutorial's nodes show it. */
export function chainText(blocks: readonly Block[]): string {
  const shown = blocks.map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
  return `{"chain": [${shown.join(', ')}], "length": ${blocks.length}}`;
}
