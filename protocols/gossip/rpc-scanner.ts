import { MAX_RPC_BYTES } from './constants.js';

/** What one look at a peer's bytes has found. */
export interface Scanned {
  /** How far the look went. */
  readonly bytes: number;
  /** Frames that began, and fields of frames: subscriptions, messages, control messages. */
  readonly items: number;
  /** Whether a frame announces more than may be in one. */
  readonly isTooLarge: boolean;
}

/**
 * Counts what is in a stream of gossipsub frames without decoding it: lengths, and the tags of the outermost fields.
 * What is no such field ends the count for its frame; whether it is valid is the decoder's business.
 */
export class RpcScanner {
  #state: 'frame' | 'tag' | 'length' | 'skip' = 'frame';
  /** The varint that is being read. */
  #value = 0;
  #scale = 1;
  /** Bytes of the frame that are still to come, and of the field. */
  #frameLeft = 0;
  #fieldLeft = 0;
  #frameBytes = 0;

  /** Bytes that have come of a frame that has not ended. */
  get unfinished(): number {
    return this.#state === 'frame' ? 0 : this.#frameBytes - this.#frameLeft;
  }

  /** @param maxItems the look ends behind so many */
  read(data: Uint8Array, maxItems = Number.POSITIVE_INFINITY): Scanned {
    let items = 0;
    let at = 0;
    while (at < data.byteLength && items < maxItems) {
      if (this.#state === 'skip') {
        const skipped = Math.min(this.#fieldLeft, data.byteLength - at);
        at += skipped;
        this.#fieldLeft -= skipped;
        this.#frameLeft -= skipped;
        if (this.#fieldLeft === 0) this.#state = this.#frameLeft > 0 ? 'tag' : 'frame';
        continue;
      }
      const value = this.#varint(data[at++] as number);
      if (this.#state !== 'frame') this.#frameLeft -= 1;
      if (value === undefined) {
        if (this.#state !== 'frame' && this.#frameLeft === 0) this.#state = 'frame';
        continue;
      }
      if (this.#state !== 'length') items += 1;
      if (this.#state === 'frame' && value > MAX_RPC_BYTES) return { bytes: at, items, isTooLarge: true };
      this.#advance(value);
    }
    return { bytes: at, items, isTooLarge: false };
  }

  #advance(value: number): void {
    switch (this.#state) {
      case 'frame':
        this.#frameLeft = value;
        this.#frameBytes = value;
        this.#state = value > 0 ? 'tag' : 'frame';
        break;
      case 'tag':
        // Length-delimited, as all fields of a frame are; after anything else the rest is not looked at.
        if (value % 8 === 2) this.#state = this.#frameLeft > 0 ? 'length' : 'frame';
        else this.#skip(this.#frameLeft);
        break;
      default:
        this.#skip(Math.min(value, this.#frameLeft));
    }
  }

  #skip(bytes: number): void {
    this.#fieldLeft = bytes;
    if (bytes > 0) this.#state = 'skip';
    else this.#state = this.#frameLeft > 0 ? 'tag' : 'frame';
  }

  /** @returns the number, once its last byte is there; infinite where it is beyond all limits */
  #varint(byte: number): number | undefined {
    this.#value += (byte & 0x7f) * this.#scale;
    this.#scale *= 128;
    if (byte >= 0x80 && this.#scale < 2 ** 49) return undefined;
    const value = byte >= 0x80 ? Number.POSITIVE_INFINITY : this.#value;
    this.#value = 0;
    this.#scale = 1;
    return value;
  }
}
