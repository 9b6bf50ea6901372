import type { Bound } from '../../src/bounds.js';
import { FIELDS_PER_ITEM, MAX_RPC_BYTES, MAX_RPC_FIELDS, MESSAGE_ID_BYTES } from './constants.js';
import { CONTROL, type Field, type Fields, RPC } from './rpc-schema.js';

const MAX_UINT32 = 2 ** 32 - 1;

/** Protobuf's wire types. Groups, which nobody writes any more, are none. */
const VARINT = 0;
const FIXED_64 = 1;
const LENGTH = 2;
const FIXED_32 = 5;

interface Part {
  readonly fields: Fields;
  readonly end: number;
  /** How many it stands in, and the innermost of them. */
  readonly depth: number;
  readonly outer: Part | undefined;
}

/** Between frames. */
const NONE: Part = { fields: {}, end: -1, depth: -1, outer: undefined };

/** Why a peer's bytes are not looked at any further. */
export type RpcFault = Extract<Bound, 'gossip-rpc-size' | 'gossip-rpc-flood' | 'gossip-rpc-malformed'>;

/** What one look at a peer's bytes has found. */
export interface Scanned {
  /** How far the look went. */
  readonly bytes: number;
  /** Frames that began, and their fields: subscriptions, messages, control; what stands in those is parts of an item. */
  readonly items: number;
  readonly fault?: RpcFault;
}

/**
 * Counts what is in a stream of gossipsub frames without decoding it: lengths and tags, at all depths, since an empty field
 * of two bytes costs the decoder as much as an id of thirty-two. So it must read them as the decoder does: where a
 * lenient reader and a strict one would differ (numbers that are longer than need be, fields that reach beyond
 * what they stand in), which no encoder writes, the frame is malformed.
 */
export class RpcScanner {
  #state: 'frame' | 'tag' | 'length' | 'number' | 'skip' = 'frame';
  /** The varint that is being read. */
  #value = 0;
  #scale = 1;
  /** Bytes of the frame that have come, where the bytes end that are skipped, and fields so far. */
  #at = 0;
  #skipEnd = 0;
  #fields = 0;
  #hasControl = false;
  /** What is being read, the frame or a message in it: which fields it has, and where in the frame it ends. */
  #part: Part = NONE;
  /** The field whose length is being read; undefined where it is none of ours. */
  #field: Field | undefined;

  /** Bytes that have come of a frame that has not ended. */
  get unfinished(): number {
    return this.#state === 'frame' ? 0 : this.#at;
  }

  /** @param maxItems the look ends behind so many */
  read(data: Uint8Array, maxItems = Number.POSITIVE_INFINITY): Scanned {
    let items = 0;
    let at = 0;
    while (at < data.byteLength && items < maxItems) {
      if (this.#state === 'skip') {
        const skipped = Math.min(this.#skipEnd - this.#at, data.byteLength - at);
        at += skipped;
        this.#at += skipped;
        if (this.#at === this.#skipEnd) this.#next();
        continue;
      }
      const byte = data[at++] as number;
      if (byte === 0 && this.#scale > 1) return { bytes: at, items, fault: 'gossip-rpc-malformed' };
      if (this.#state !== 'frame') this.#at += 1;
      const value = this.#varint(byte);
      if (value !== undefined) {
        if (this.#state === 'frame' || this.#state === 'tag')
          items += this.#part.depth > 0 ? 1 / FIELDS_PER_ITEM : 1;
        const fault = this.#advance(value);
        if (fault !== undefined) return { bytes: at, items, fault };
      }
      // It ends within a number, or between a tag and what belongs to it.
      if (this.#at === this.#part.end) return { bytes: at, items, fault: 'gossip-rpc-malformed' };
    }
    return { bytes: at, items };
  }

  #advance(value: number): RpcFault | undefined {
    switch (this.#state) {
      case 'frame':
        if (value > MAX_RPC_BYTES) return 'gossip-rpc-size';
        this.#at = 0;
        this.#fields = 0;
        this.#hasControl = false;
        this.#enter(RPC, value);
        return undefined;
      case 'tag':
        return this.#tag(value);
      case 'length':
        if (this.#field === 'id' && value !== MESSAGE_ID_BYTES) return 'gossip-rpc-malformed';
        return this.#content(value);
      default:
        if (value > MAX_UINT32) return 'gossip-rpc-malformed';
        this.#next();
        return undefined;
    }
  }

  #tag(tag: number): RpcFault | undefined {
    this.#fields += 1;
    if (this.#fields > MAX_RPC_FIELDS) return 'gossip-rpc-flood';
    if (tag > MAX_UINT32) return 'gossip-rpc-malformed';
    const wireType = tag & 7;
    this.#field = this.#part.fields[tag >>> 3];
    // The decoder goes by the number alone, and of several controls keeps the last, after it has read them all.
    const isMistyped = this.#field !== undefined && wireType !== (this.#field === 'number' ? VARINT : LENGTH);
    const isSecond = this.#field === CONTROL && this.#hasControl;
    if (isMistyped || isSecond || this.#field === 'forbidden') return 'gossip-rpc-malformed';
    this.#hasControl ||= this.#field === CONTROL;
    switch (wireType) {
      case VARINT:
        this.#state = 'number';
        return undefined;
      case LENGTH:
        this.#state = 'length';
        return undefined;
      case FIXED_64:
        return this.#content(8);
      case FIXED_32:
        return this.#content(4);
      default:
        return 'gossip-rpc-malformed';
    }
  }

  #content(bytes: number): RpcFault | undefined {
    const end = this.#at + bytes;
    if (end > this.#part.end) return 'gossip-rpc-malformed';
    if (typeof this.#field === 'object') {
      this.#enter(this.#field, end);
    } else {
      this.#skipEnd = end;
      this.#state = 'skip';
      if (bytes === 0) this.#next();
    }
    return undefined;
  }

  #enter(fields: Fields, end: number): void {
    const outer = this.#part;
    this.#part = { fields, end, depth: outer.depth + 1, outer };
    this.#next();
  }

  /** Leaves whatever ends here. */
  #next(): void {
    while (this.#part.end === this.#at) this.#part = this.#part.outer ?? NONE;
    this.#state = this.#part === NONE ? 'frame' : 'tag';
  }

  /** @returns the number, once its last byte is there; infinite where it is longer than any in a frame */
  #varint(byte: number): number | undefined {
    this.#value += (byte & 0x7f) * this.#scale;
    this.#scale *= 128;
    if (byte >= 0x80 && this.#scale < 2 ** 35) return undefined;
    const value = byte >= 0x80 ? Number.POSITIVE_INFINITY : this.#value;
    this.#value = 0;
    this.#scale = 1;
    return value;
  }
}
