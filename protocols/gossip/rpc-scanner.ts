import { MAX_RPC_BYTES } from './constants.js';

/** What one look at a peer's bytes has found. */
export interface Scanned {
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

  read(data: Uint8Array | Iterable<Uint8Array>): Scanned {
    let bytes = 0;
    let items = 0;
    for (const chunk of data instanceof Uint8Array ? [data] : data) {
      bytes += chunk.byteLength;
      for (let at = 0; at < chunk.byteLength; ) {
        if (this.#state === 'skip') {
          const skipped = Math.min(this.#fieldLeft, chunk.byteLength - at);
          at += skipped;
          this.#fieldLeft -= skipped;
          this.#frameLeft -= skipped;
          if (this.#fieldLeft === 0) this.#state = this.#frameLeft > 0 ? 'tag' : 'frame';
          continue;
        }
        const value = this.#varint(chunk[at++] as number);
        if (this.#state !== 'frame') this.#frameLeft -= 1;
        if (value === undefined) {
          if (this.#state !== 'frame' && this.#frameLeft === 0) this.#state = 'frame';
          continue;
        }
        if (this.#state !== 'length') items += 1;
        if (this.#state === 'frame' && value > MAX_RPC_BYTES) return { bytes, items, isTooLarge: true };
        this.#advance(value);
      }
    }
    return { bytes, items, isTooLarge: false };
  }

  #advance(value: number): void {
    switch (this.#state) {
      case 'frame':
        this.#frameLeft = value;
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
