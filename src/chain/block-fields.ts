import type { JsonNumber } from './json.js';
import type { Transaction } from './transaction.js';

/** What a block says, under the tutorial's names. */
export interface BlockFields {
  /** Counted from 1. */
  readonly index: number;
  /** Seconds since the epoch. */
  readonly timestamp: JsonNumber;
  readonly transactions: readonly Transaction[];
  readonly proof: number;
  /** 64 lowercase hex digits; in a genesis "1", or what another implementation put there. */
  readonly previous_hash: string | JsonNumber;
}
