/**
 * Nearly every block's canonical JSON is plain: names in ASCII without escapes, numbers of at most 15 digits before the
 * point. Such bytes are canonical if they have the form below, so they are read in one pass, and never written again to
 * compare. All others go the long way of `decodeBlock`, which alone says what is wrong with a block.
 */
import type { BlockFields } from './block-fields.js';
import { PlainText } from './plain-text.js';
import { Transaction } from './transaction.js';

const HASH_DIGITS = 64;
const NONCE_DIGITS = 32;
const END = ']}';

/** @returns what {@link decodeBlock} would read; undefined where the bytes are not plain, whether they are a block or not */
export function readPlainBlock(bytes: Uint8Array): BlockFields | undefined {
  const { buffer, byteOffset, byteLength } = bytes;
  // What is not ASCII reads as characters that the form does not have.
  const text = new PlainText(Buffer.from(buffer, byteOffset, byteLength).toString('latin1'));
  if (!text.takes('{"index": ')) return undefined;
  const index = text.integer();
  if (index === undefined || !text.takes(', "previous_hash": "')) return undefined;
  const previous_hash = text.hex(HASH_DIGITS);
  if (previous_hash === undefined || !text.takes('", "proof": ')) return undefined;
  const proof = text.integer();
  if (proof === undefined || !text.takes(', "timestamp": ')) return undefined;
  const timestamp = text.number();
  if (timestamp === undefined || !text.takes(', "transactions": [')) return undefined;
  const transactions = readPlainTransactions(text);
  return transactions && { index, timestamp, transactions, proof, previous_hash };
}

/** The rest of the text, which must end with the list. */
function readPlainTransactions(text: PlainText): Transaction[] | undefined {
  let transactions: Transaction[] = [];
  if (!text.takes(END)) {
    const first = readPlainTransaction(text);
    if (first === undefined) return undefined;
    // Most blocks have one: a list that grows would have room for seventeen.
    transactions = [first];
    while (text.takes(', ')) {
      const next = readPlainTransaction(text);
      if (next === undefined) return undefined;
      transactions.push(next);
    }
    if (!text.takes(END)) return undefined;
  }
  return text.isOver ? transactions : undefined;
}

function readPlainTransaction(text: PlainText): Transaction | undefined {
  const start = text.at;
  if (!text.takes('{"amount": ')) return undefined;
  const amount = text.number();
  if (amount === undefined || amount === 0) return undefined;
  let nonce: string | undefined;
  if (text.takes(', "nonce": "')) {
    nonce = text.hex(NONCE_DIGITS);
    if (nonce === undefined || !text.takes('"')) return undefined;
  }
  if (!text.takes(', "recipient": "')) return undefined;
  const recipient = text.name();
  if (recipient === undefined || !text.takes('", "sender": "')) return undefined;
  const sender = text.name();
  if (sender === undefined || !text.takes('"}')) return undefined;
  return new Transaction(sender, recipient, amount, nonce, text.since(start));
}
