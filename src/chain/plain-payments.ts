import { sha256 } from './hash.js';
import type { JsonNumber } from './json.js';
import { ascii, type PlainBytes } from './plain-bytes.js';
import { REWARD_SENDER, Transaction } from './transaction.js';

const NONCE_DIGITS = 32;

const AMOUNT = ascii('{"amount": ');
const NONCE = ascii(', "nonce": "');
const QUOTE = ascii('"');
const RECIPIENT = ascii(', "recipient": "');
const SENDER = ascii('", "sender": "');
const END = ascii('"}');
const REWARD = ascii(REWARD_SENDER);
const COMMA = ascii(', ');
const END_OF_LIST = ascii(']}');

/** The transactions in a plain block's bytes, one after the other: where the parts of the one read last stand. */
export class PlainPayments {
  /** Whether the list has ended, and the text with it. */
  isOver = false;
  readonly #text: PlainBytes;
  #isFirst = true;
  #start = 0;
  #amount: JsonNumber = 0;
  /** 0 where there is none. */
  #nonceAt = 0;
  #recipientAt = 0;
  #recipientEnd = 0;
  #senderAt = 0;
  #senderEnd = 0;

  /** @param text read up to the first, or the list's end */
  constructor(text: PlainBytes) {
    this.#text = text;
  }

  /** Goes on to the next. @returns whether there is one, and it is plain */
  next(): boolean {
    if (this.#text.takes(END_OF_LIST)) {
      this.isOver = this.#text.isOver;
      return false;
    }
    if (!this.#isFirst && !this.#text.takes(COMMA)) return false;
    this.#isFirst = false;
    return this.#read();
  }

  get hasNonce(): boolean {
    return this.#nonceAt > 0;
  }

  get isReward(): boolean {
    return this.#text.is(REWARD, this.#senderAt, this.#senderEnd);
  }

  /** The tutorial's. */
  get isWholeReward(): boolean {
    return this.isReward && this.#amount === 1 && !this.hasNonce;
  }

  /** Its parts are made now. */
  get transaction(): Transaction {
    const text = this.#text;
    const recipient = text.text(this.#recipientAt, this.#recipientEnd);
    const nonce = this.hasNonce ? text.text(this.#nonceAt, this.#nonceAt + NONCE_DIGITS) : undefined;
    return new Transaction(this.#sender, recipient, this.#amount, nonce, text.text(this.#start, text.at));
  }

  /** Of one that has a nonce: its bytes are hashed as they stand here. */
  get id(): string {
    return sha256(this.#text.part(this.#start, this.#text.at));
  }

  get #sender(): string {
    return this.#text.text(this.#senderAt, this.#senderEnd);
  }

  #read(): boolean {
    const text = this.#text;
    this.#start = text.at;
    if (!text.takes(AMOUNT)) return false;
    const amount = text.number();
    if (amount === undefined || amount === 0) return false;
    this.#amount = amount;
    this.#nonceAt = text.takes(NONCE) ? text.at : 0;
    if (this.hasNonce && !(text.hex(NONCE_DIGITS) && text.takes(QUOTE))) return false;
    if (!text.takes(RECIPIENT)) return false;
    this.#recipientAt = text.at;
    if (!text.name()) return false;
    this.#recipientEnd = text.at;
    if (!text.takes(SENDER)) return false;
    this.#senderAt = text.at;
    if (!text.name()) return false;
    this.#senderEnd = text.at;
    return text.takes(END);
  }
}
