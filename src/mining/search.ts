/** The proof-of-work search over a range of proofs, a proof at a time: plain, and what faster ones are held to. */

import { hash } from 'node:crypto';
import { MAX_DIFFICULTY } from '../chain/proof.js';

/** One more than the largest proof there can be (2^53 - 1). */
export const PROOF_END = 2 ** 53;

/** What {@link search} is, and whatever does the same faster. */
export type Search = typeof search;

/**
 * The smallest proof in [from, to) that is valid after `lastProof`: the SHA-256 of the decimal digits of both,
 * one after the other, begins in hex with `difficulty` zeros.
 *
 * Blocks its thread, for some 0.4 us a try: keep the range short wherever something else has to be heard.
 *
 * @param lastProof - the proof of the block before, 0 to 2^53 - 1
 * @param difficulty - leading zeros in hex, 0 to 16; each makes the search 16 times longer on average
 * @param from - the first proof to try
 * @param to - the first proof not to try, at most 2^53; an empty range has no proof
 * @returns the proof, or undefined where the range has none
 * @throws RangeError when an argument is not an integer in its range
 * @example search(100, 4, 0, 100_000) // 35293
 */
export function search(lastProof: number, difficulty: number, from: number, to: number): number | undefined {
  assertPuzzle(lastProof, difficulty);
  assertRange(from, to);
  const zeros = '0'.repeat(difficulty);
  for (let proof = from; proof < to; proof++) {
    if (hash('sha256', `${lastProof}${proof}`).startsWith(zeros)) return proof;
  }
  return undefined;
}

/** @throws RangeError when `lastProof` or `difficulty` is not an integer in its range */
export function assertPuzzle(lastProof: number, difficulty: number): void {
  assertInteger('lastProof', lastProof, PROOF_END - 1);
  assertInteger('difficulty', difficulty, MAX_DIFFICULTY);
}

/** @throws RangeError when `from` or `to` is not an integer from 0 to 2^53 */
export function assertRange(from: number, to: number): void {
  assertInteger('from', from, PROOF_END);
  assertInteger('to', to, PROOF_END);
}

function assertInteger(name: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new RangeError(`${name} must be an integer from 0 to ${max}, not ${value}`);
  }
}
