/** The tutorial's puzzle: a proof is valid by the proof before it alone. */
import { sha256 } from './hash.js';

/** The hardest puzzle a network may set: 16^16 tries a block on average. */
export const MAX_DIFFICULTY = 16;

/**
 * Whether the SHA-256 of both proofs' decimal digits, one after the other, begins in hex with `difficulty` zeros
 * (the tutorial's `valid_proof`, where it is four).
 *
 * @example validProof(100, 35293, 4) // "10035293"
 */
export function validProof(lastProof: number, proof: number, difficulty: number): boolean {
  return sha256(`${lastProof}${proof}`).startsWith('0'.repeat(difficulty));
}
