/**
 * Nearly every block's canonical JSON is plain: names in ASCII without escapes, numbers of at most 15 digits before the
 * point. Such bytes are canonical if they match the form below, so they are read in one pass, and never written again to
 * compare. All others go the long way of `decodeBlock`, which alone says what is wrong with a block.
 */
import type { BlockFields } from './block-fields.js';
import { Float, type JsonNumber } from './json.js';
import { Transaction } from './transaction.js';

/** Fifteen digits are safe in a double. */
const INTEGER = '(?:0|[1-9][0-9]{0,14})';
const NUMBER = `${INTEGER}(?:\\.[0-9]{1,17})?`;
/** Printable ASCII but `"` and `\`, as long as a name may be. */
const NAME = '[ !#-\\[\\]-~]{1,256}';

const HEAD = new RegExp(
  `\\{"index": (${INTEGER}), "previous_hash": "([0-9a-f]{64})", "proof": (${INTEGER}), "timestamp": (${NUMBER}), "transactions": \\[`,
  'y',
);
const TRANSACTION = new RegExp(
  `\\{"amount": (${NUMBER}), (?:"nonce": "([0-9a-f]{32})", )?"recipient": "(${NAME})", "sender": "(${NAME})"\\}`,
  'y',
);
const END = ']}';
const SEPARATOR = ', ';
/** Smaller floats, but 0, have an exponent. */
const LEAST_PLAIN_FLOAT = 1e-4;

/** @returns what {@link decodeBlock} would read; undefined where the bytes are not plain, whether they are a block or not */
export function readPlainBlock(bytes: Uint8Array): BlockFields | undefined {
  const { buffer, byteOffset, byteLength } = bytes;
  // What is not ASCII reads as characters that the form does not have.
  const text = Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
  HEAD.lastIndex = 0;
  const head = HEAD.exec(text);
  if (head === null) return undefined;
  const timestamp = plainNumber(head[4] as string);
  const transactions = readPlainTransactions(text, HEAD.lastIndex);
  if (timestamp === undefined || transactions === undefined) return undefined;
  return {
    index: Number(head[1]),
    timestamp,
    transactions,
    proof: Number(head[3]),
    previous_hash: head[2] as string,
  };
}

/** @param start where the list begins, which must end with the text */
function readPlainTransactions(text: string, start: number): Transaction[] | undefined {
  const end = text.length - END.length;
  const transactions: Transaction[] = [];
  if (!text.endsWith(END)) return undefined;
  for (let at = start; at < end; ) {
    if (at > start) {
      if (!text.startsWith(SEPARATOR, at)) return undefined;
      at += SEPARATOR.length;
    }
    TRANSACTION.lastIndex = at;
    const match = TRANSACTION.exec(text);
    if (match === null) return undefined;
    const amount = plainNumber(match[1] as string);
    if (amount === undefined || amount === 0) return undefined;
    transactions.push(new Transaction(match[4] as string, match[3] as string, amount, match[2], match[0]));
    at = TRANSACTION.lastIndex;
  }
  return transactions;
}

/** The number of a text as {@link NUMBER} has it; undefined where its canonical text may be another. */
function plainNumber(text: string): JsonNumber | undefined {
  const value = Number(text);
  if (!text.includes('.')) return value;
  if (Number.isInteger(value)) return text === `${value}.0` && value > 0 ? new Float(value) : undefined;
  return value >= LEAST_PLAIN_FLOAT && String(value) === text ? value : undefined;
}
