/**
 * The tutorial's own functions, for those who follow it. All are pure: what they need is given to them, what they
 * make is returned. Blocks and transactions may be plain objects, as `JSON.parse` makes them, or ours.
 */
import {
  Block,
  canonicalJson,
  DEFAULT_NETWORK,
  InvalidBlock,
  type JsonNumber,
  type NetworkSpec,
  readBlock,
  readTransaction,
  rulesOf,
  sha256,
  type Transaction,
} from './chain/index.js';
import { PROOF_END, search } from './mining/search.js';

export { validProof } from './chain/index.js';

/** A block, ours or a plain object. */
export type BlockLike =
  | Block
  | {
      readonly index: number;
      readonly timestamp: JsonNumber;
      readonly transactions: readonly TransactionLike[];
      readonly proof: number;
      readonly previous_hash: string | JsonNumber;
    };

/** A transaction, ours or a plain object. */
export type TransactionLike =
  | Transaction
  | {
      readonly sender: string;
      readonly recipient: string;
      readonly amount: JsonNumber;
      readonly nonce?: string;
    };

/**
 * The hash of a block: the SHA-256 of its JSON with sorted keys, as Python's `json.dumps` prints it (the tutorial's
 * `hash`). A number that is an integer is printed as one: a float like `5.0` is a `Float`, as `parseJson` reads it.
 *
 * @returns 64 hex digits
 * @throws JsonError on what JSON has no form for
 * @example
 * hash({ index: 1, timestamp: 1506057125.900785, transactions: [], proof: 100, previous_hash: '1' });
 * // '9bd58252bbed62b0af795f7c177c9b115bbb161f41df0ac728443cfb2b9e2067'
 */
export function hash(block: BlockLike): string {
  return block instanceof Block ? block.hash : sha256(canonicalJson(block));
}

/**
 * The smallest proof that is valid after another (the tutorial's `proof_of_work`). Keeps its thread for as long as
 * it takes: about 16^difficulty tries, some 0.4 µs each. A node's own search runs on other threads.
 *
 * @param lastProof the proof of the block before, 0 to 2^53 - 1
 * @param difficulty zeros in hex that the hash must begin with, 0 to 16; the tutorial's is 4
 * @throws RangeError when an argument is not a whole number in its range, or when no proof is below 2^53
 * @example proofOfWork(100) // 35293
 */
export function proofOfWork(lastProof: number, difficulty = DEFAULT_NETWORK.difficulty): number {
  const proof = search(lastProof, difficulty, 0, PROOF_END);
  if (proof === undefined) throw new RangeError(`no proof below 2^53 is valid after ${lastProof}`);
  return proof;
}

/**
 * Whether a chain is valid (the tutorial's `valid_chain`): it begins with the network's first block, and every block
 * follows the one before it.
 *
 * @param blocks in order
 * @param spec the network; its difficulty and first block count
 * @example validChain([DEFAULT_NETWORK.genesis]) // true
 */
export function validChain(blocks: readonly BlockLike[], spec: NetworkSpec = DEFAULT_NETWORK): boolean {
  const rules = rulesOf(spec);
  const used = new Set<string>();
  let last: Block | undefined;
  try {
    for (const block of blocks.map(readBlock)) {
      if (last !== undefined) rules.checkBlock(block, last, (id) => used.has(id));
      else if (block.hash !== spec.genesis.hash) return false;
      for (const id of block.ids) used.add(id);
      last = block;
    }
  } catch (error) {
    if (error instanceof InvalidBlock) return false;
    throw error;
  }
  return last !== undefined;
}

/**
 * The last block of a chain (the tutorial's `last_block`).
 *
 * @throws RangeError when there is none
 * @example lastBlock([DEFAULT_NETWORK.genesis]).index // 1
 */
export function lastBlock<B extends BlockLike>(blocks: readonly B[]): B {
  const last = blocks.at(-1);
  if (last === undefined) throw new RangeError('an empty chain has no last block');
  return last;
}

/**
 * A block that follows another (the tutorial's `new_block`). Whether it is valid, its proof and its reward among the
 * rest, {@link validChain} tells.
 *
 * @param last the block before
 * @param proof found by {@link proofOfWork} after the last block's
 * @param transactions in order; in a valid block the last one is the reward, `newTransaction('0', miner, 1)`
 * @param timestamp seconds since the epoch
 * @throws InvalidBlock when one of them cannot be in a block
 * @example
 * const reward = newTransaction('0', 'me', 1);
 * newBlock(lastBlock(chain), proofOfWork(lastBlock(chain).proof), [reward], Date.now() / 1000);
 */
export function newBlock(
  last: BlockLike,
  proof: number,
  transactions: readonly TransactionLike[],
  timestamp: JsonNumber,
): Block {
  return readBlock({ index: last.index + 1, timestamp, transactions, proof, previous_hash: hash(last) });
}

/**
 * A transaction (the tutorial's `new_transaction`).
 *
 * @param nonce 32 hex digits, by which nodes tell it from another of the same content; without one it can stand in
 *   a block, but not be sent between nodes
 * @throws InvalidTransaction telling what is wrong
 * @example newTransaction('alice', 'bob', 5)
 */
export function newTransaction(
  sender: string,
  recipient: string,
  amount: JsonNumber,
  nonce?: string,
): Transaction {
  return readTransaction({ sender, recipient, amount, ...(nonce === undefined ? {} : { nonce }) });
}
