/** A payment: who sends how much to whom. */
import { numberText, stringText } from './canonical.js';
import { InvalidTransaction } from './errors.js';
import { sha256 } from './hash.js';
import { Float, isJsonNumber, isJsonObject, type JsonNumber, parseJsonOr } from './json.js';

/** A sender or recipient has 1 to this many code points. */
export const MAX_NAME_CODE_POINTS = 256;
/** An amount's canonical text has at most this many characters: a 30-digit integer is honest, a megabyte of digits is not. */
export const MAX_AMOUNT_CHARACTERS = 40;
/** The sender of a block's reward: the tutorial's "0", which nobody else may use. */
export const REWARD_SENDER = '0';

const NONCE = /^[0-9a-f]{32}$/;
const KEYS = ['sender', 'recipient', 'amount', 'nonce'];
const REQUIRED = KEYS.slice(0, 3);

export class Transaction {
  #text: string | undefined;
  #id: string | undefined;

  /**
   * For what is known to be well formed; anything else goes through {@link readTransaction}.
   *
   * @param text its canonical JSON, where that is known already
   */
  constructor(
    readonly sender: string,
    readonly recipient: string,
    readonly amount: JsonNumber,
    readonly nonce?: string,
    text?: string,
  ) {
    this.#text = text;
  }

  /** Its canonical JSON. */
  get text(): string {
    this.#text ??= canonicalText(this);
    return this.#text;
  }

  get bytes(): Uint8Array {
    return Buffer.from(this.text, 'latin1');
  }

  /** SHA-256 of its canonical JSON, 64 hex digits. Without a nonce, equal payments have equal ids. */
  get id(): string {
    this.#id ??= sha256(this.text);
    return this.#id;
  }

  get isReward(): boolean {
    return this.sender === REWARD_SENDER;
  }

  toJSON() {
    const { sender, recipient, amount, nonce } = this;
    return nonce === undefined ? { amount, recipient, sender } : { amount, nonce, recipient, sender };
  }
}

/** Written out, its keys in order: every transaction that comes in is held to it. */
function canonicalText({ sender, recipient, amount, nonce }: Transaction): string {
  const identity = nonce === undefined ? '' : `"nonce": "${nonce}", `;
  const names = `"recipient": ${stringText(recipient)}, "sender": ${stringText(sender)}`;
  return `{"amount": ${numberText(amount)}, ${identity}${names}}`;
}

/** The tutorial's reward for a new block: one coin from nobody. */
export function rewardFor(recipient: string): Transaction {
  return new Transaction(REWARD_SENDER, recipient, 1);
}

/**
 * A well-formed transaction out of parsed JSON or a plain object.
 *
 * @throws InvalidTransaction `missing-values`, or `malformed` with what is wrong and what would be right
 */
export function readTransaction(value: unknown): Transaction {
  if (value instanceof Transaction) return value;
  if (!isJsonObject(value)) {
    throw malformed(
      'a transaction must be an object like {"sender": "alice", "recipient": "bob", "amount": 5}',
    );
  }
  const missing = REQUIRED.filter((key) => !Object.hasOwn(value, key) || value[key] === undefined);
  if (missing.length > 0)
    throw new InvalidTransaction('missing-values', `Missing values: ${missing.join(', ')}`);
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    throw malformed(
      `unknown key ${quote(unknown)}: a transaction has sender, recipient, amount and, if you like, nonce`,
    );
  }
  return new Transaction(
    readName('sender', value.sender),
    readName('recipient', value.recipient),
    readAmount(value.amount),
    readNonce(value.nonce),
  );
}

/**
 * A transaction from the wire, where only canonical bytes are accepted.
 *
 * @throws InvalidTransaction
 */
export function decodeTransaction(bytes: Uint8Array): Transaction {
  const transaction = readTransaction(parseJsonOr(bytes, malformed));
  if (Buffer.compare(transaction.bytes, bytes) !== 0) {
    throw new InvalidTransaction('not-canonical', 'the transaction is not in canonical JSON');
  }
  return transaction;
}

/**
 * The same, out of bytes of its own, for whoever keeps it: V8 may hold a string that was read as a part of the text around it,
 * and with it all of that text, a whole request or a block.
 */
export function detached(transaction: Transaction): Transaction {
  return decodeTransaction(transaction.bytes);
}

/** The transactions that have an identity of their own: those with a nonce. */
export function identified(transactions: readonly Transaction[]): Transaction[] {
  return transactions.filter((transaction) => transaction.nonce !== undefined);
}

function readName(key: string, value: unknown): string {
  if (typeof value !== 'string') throw malformed(`${key} must be a string, not ${kindOf(value)}`);
  if (value === '' || isLongName(value))
    throw malformed(`${key} must have 1 to ${MAX_NAME_CODE_POINTS} characters`);
  return value;
}

/** A code point is one unit or two: most names are not counted, nor is a megabyte. */
function isLongName(name: string): boolean {
  if (name.length <= MAX_NAME_CODE_POINTS) return false;
  return name.length > 2 * MAX_NAME_CODE_POINTS || [...name].length > MAX_NAME_CODE_POINTS;
}

function readAmount(value: unknown): JsonNumber {
  if (!isJsonNumber(value))
    throw malformed(`amount must be a number, such as 5 or 0.5, not ${kindOf(value)}`);
  const magnitude = value instanceof Float ? value.value : value;
  if (typeof magnitude === 'number' && !Number.isFinite(magnitude))
    throw malformed(`amount must be finite, not ${magnitude}`);
  if (!(magnitude > 0)) throw malformed(`amount must be greater than 0, not ${shorten(numberText(value))}`);
  if (numberText(value).length > MAX_AMOUNT_CHARACTERS) {
    throw malformed(`amount must have at most ${MAX_AMOUNT_CHARACTERS} characters`);
  }
  // A safe integer is a number, as everywhere where JSON is read: the rules know a reward by it.
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function readNonce(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !NONCE.test(value))
    throw malformed('nonce must be 32 lowercase hex digits');
  return value;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (isJsonNumber(value))
    return `the number ${shorten(String(value instanceof Float ? value.value : value))}`;
  return typeof value === 'string'
    ? `the text ${quote(value)}`
    : `a${typeof value === 'object' ? 'n object' : ` ${typeof value}`}`;
}

function quote(text: string): string {
  return JSON.stringify(shorten(text));
}

function shorten(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 30)}…`;
}

function malformed(message: string): InvalidTransaction {
  return new InvalidTransaction('malformed', message);
}
