/** The database's values, to bytes and back. */
import {
  type Block,
  canonicalJson,
  decodeBlock,
  isJsonObject,
  type PendingTransaction,
  parseJson,
  readTransaction,
} from '../chain/index.js';
import type { Head, ReplacedBlock } from './block-store.js';

export const HASH_BYTES = 32;
const TIME_BYTES = 8;

/** A chain's head, and the canonical bytes of its blocks in all. */
export interface Tip extends Head {
  readonly bytes: number;
}

export function headOf({ length, hash, proof }: Tip): Head {
  return { length, hash, proof };
}

export interface OrderedPending extends PendingTransaction {
  /** Grows in the order of arrival. */
  readonly order: number;
}

export function textRecord(text: string | number): Buffer {
  return Buffer.from(String(text), 'latin1');
}

export function numberOf(record: Buffer): number {
  return Number(record.toString('latin1'));
}

/** For records of our own making with nothing but safe integers, strings and nulls in them. */
export function jsonRecord(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** @throws SyntaxError */
export function jsonOf<T>(record: Buffer): T {
  return JSON.parse(record.toString()) as T;
}

export function blockRecord({ hash, bytes }: Block): Buffer {
  const record = Buffer.allocUnsafe(HASH_BYTES + bytes.length);
  record.write(hash, 'hex');
  record.set(bytes, HASH_BYTES);
  return record;
}

export function hashOf(record: Buffer): string {
  return record.toString('hex', 0, HASH_BYTES);
}

export function bytesOf(record: Buffer): Buffer {
  return record.subarray(HASH_BYTES);
}

/** @throws InvalidBlock */
export function blockOf(record: Buffer): Block {
  return decodeBlock(bytesOf(record));
}

/** @param record of the block that was replaced */
export function replacedRecord(record: Buffer, replacedAt: number): Buffer {
  const time = Buffer.alloc(TIME_BYTES);
  time.writeDoubleBE(replacedAt);
  return Buffer.concat([time, record]);
}

/** @throws InvalidBlock */
export function replacedOf(record: Buffer): ReplacedBlock {
  return { block: blockOf(record.subarray(TIME_BYTES)), replacedAt: record.readDoubleBE() };
}

/** Canonical JSON, in which amounts keep their kind and size. */
export function pendingRecord({ transaction, receivedAt, from, order }: OrderedPending): Buffer {
  return Buffer.from(canonicalJson({ from, order, received_at: receivedAt, transaction }), 'latin1');
}

/** @throws JsonError, InvalidTransaction, TypeError */
export function pendingOf(record: Buffer): OrderedPending {
  const value = parseJson(record);
  if (!isJsonObject(value)) throw new TypeError('a pending transaction is not an object');
  const { from, order, received_at, transaction } = value;
  if (from !== null && typeof from !== 'string') throw new TypeError('a pending transaction is from nobody');
  return {
    transaction: readTransaction(transaction),
    receivedAt: Number(received_at),
    from,
    order: Number(order),
  };
}
