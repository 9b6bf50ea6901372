/** By what blocks and transactions are found: so much of a hash, or of an id, that others seldom have the same. */
const MARK_DIGITS = 9;

/** 36 bits: with 16 more, for a place, they are a safe integer. */
export const MAX_MARK = 16 ** MARK_DIGITS - 1;

/** @param digest hex digits of SHA-256; what begins with none has the mark 0 */
export function markOf(digest: string): number {
  const mark = Number.parseInt(digest.slice(0, MARK_DIGITS), 16);
  return mark > 0 ? mark : 0;
}

/** What is found by its marks. */
export interface Marked {
  readonly hash: string;
  /** Of its transactions that have one of their own. */
  readonly ids: readonly string[];
}

/** A block that cannot be read: it has its place, and nothing finds it. */
export const UNREADABLE: Marked = { hash: '', ids: [] };
