/** By what blocks and transactions are found: so much of a hash, or of an id, that others seldom have the same. */
const MARK_DIGITS = 9;

/** 36 bits: with 16 more, for a place, they are a safe integer. */
export const MAX_MARK = 16 ** MARK_DIGITS - 1;

/** @param digest hex digits of SHA-256; of anything else the mark means nothing */
export function markOf(digest: string): number {
  return Number.parseInt(digest.slice(0, MARK_DIGITS), 16);
}
