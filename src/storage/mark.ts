/** By what blocks and transactions are found: so much of a hash, or of an id, that others seldom have the same. */
const MARK_DIGITS = 9;

const ZERO = 0x30;
const A = 0x61;

/** 36 bits: with 16 more, for a place, they are a safe integer. */
export const MAX_MARK = 16 ** MARK_DIGITS - 1;

/** @param digest hex digits of SHA-256; nothing is found by what has fewer than a mark has, or others */
export function markOf(digest: string): number {
  let mark = 0;
  // Not by `parseInt`: it looks at what it is given anew each time, and a long sync asks for a mark of each block and payment.
  for (let at = 0; at < MARK_DIGITS; at++) mark = 16 * mark + digitOf(digest.charCodeAt(at));
  return mark > 0 && mark <= MAX_MARK ? mark : 0;
}

function digitOf(code: number): number {
  return code < A ? code - ZERO : code - A + 10;
}

/** What is found by its marks. */
export interface Marked {
  readonly hash: string;
  /** Of its transactions that have one of their own. */
  readonly ids: readonly string[];
}

/** A block that cannot be read: it has its place, and nothing finds it. */
export const UNREADABLE: Marked = { hash: '', ids: [] };
