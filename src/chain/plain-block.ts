/**
 * Nearly every block's canonical JSON is plain: names in ASCII without escapes, numbers of at most 15 digits before the
 * point. Such bytes are canonical if they have the form below, so they are read in one pass, and never written again to
 * compare. All others go the long way of `decodeBlock`, which alone says what is wrong with a block.
 */
import type { BlockFields } from './block-fields.js';
import type { JsonNumber } from './json.js';
import { ascii, PlainBytes } from './plain-bytes.js';
import { PlainPayments } from './plain-payments.js';
import type { Transaction } from './transaction.js';

const HASH_DIGITS = 64;

const INDEX = ascii('{"index": ');
const PREVIOUS_HASH = ascii(', "previous_hash": "');
const PROOF = ascii('", "proof": ');
const TIMESTAMP = ascii(', "timestamp": ');
const TRANSACTIONS = ascii(', "transactions": [');

const NO_IDS: readonly string[] = [];

/** A block's fields as they stand in its bytes: those that no check of a chain needs are made when somebody asks. */
export class PlainBlock implements BlockFields {
  #transactions: readonly Transaction[] | undefined;

  private constructor(
    private readonly bytes: Uint8Array,
    readonly index: number,
    readonly previous_hash: string,
    readonly proof: number,
    private readonly timestampAt: number,
    /** Whether its last transaction, and no other, is a reward, and the tutorial's. */
    readonly isRewarded: boolean,
    /** Of the transactions with a nonce; most blocks have none. */
    readonly ids: readonly string[],
  ) {}

  /** @returns undefined where the bytes are not plain, whether they are a block or not */
  static read(bytes: Uint8Array): PlainBlock | undefined {
    const text = new PlainBytes(bytes);
    if (!text.takes(INDEX)) return undefined;
    const index = text.integer();
    if (index === undefined || !text.takes(PREVIOUS_HASH)) return undefined;
    const hashAt = text.at;
    if (!text.hex(HASH_DIGITS) || !text.takes(PROOF)) return undefined;
    const proof = text.integer();
    if (proof === undefined || !text.takes(TIMESTAMP)) return undefined;
    const timestampAt = text.at;
    if (text.number() === undefined || !text.takes(TRANSACTIONS)) return undefined;
    const payments = new PlainPayments(text);
    let rewards = 0;
    let ids: string[] | undefined;
    while (payments.next()) {
      if (payments.isReward) rewards++;
      if (!payments.hasNonce) continue;
      ids ??= [];
      ids.push(payments.id);
    }
    if (!payments.isOver) return undefined;
    const previousHash = text.text(hashAt, hashAt + HASH_DIGITS);
    const isRewarded = rewards === 1 && payments.isWholeReward;
    return new PlainBlock(bytes, index, previousHash, proof, timestampAt, isRewarded, ids ?? NO_IDS);
  }

  get timestamp(): JsonNumber {
    return this.#from(this.timestampAt).number() as JsonNumber;
  }

  get transactions(): readonly Transaction[] {
    this.#transactions ??= this.#readTransactions();
    return this.#transactions;
  }

  #readTransactions(): Transaction[] {
    const text = this.#from(this.timestampAt);
    text.number();
    text.takes(TRANSACTIONS);
    const payments = new PlainPayments(text);
    const transactions: Transaction[] = [];
    while (payments.next()) transactions.push(payments.transaction);
    return transactions;
  }

  #from(place: number): PlainBytes {
    return new PlainBytes(this.bytes, place);
  }
}
