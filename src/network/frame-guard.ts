import type { MessageStream } from '@libp2p/interface';
import { Allowance } from '../allowance.js';
import type { Bound } from '../bounds.js';
import { Valve } from '../valve.js';
import * as limits from './constants.js';
import { ConnectionFault } from './errors.js';

/** A yamux header: version, type, flags (2 bytes), stream id (4), length (4). */
const HEADER_BYTES = 12;
const TYPE_DATA = 0;
const FLAG_SYN = 1;

/** The part of a connection that is used. */
type Guarded = Pick<MessageStream, 'addEventListener' | 'pause' | 'resume' | 'abort' | 'status'>;

/**
 * Stands before yamux on a connection and reads the frames' headers along with it, because yamux itself
 *
 * - holds a frame until it is whole, and a header may announce 4 GiB, whatever the stream's window: such a connection
 *   is cut;
 * - answers every ping and resets every stream too many, as fast as they come: a connection that brings more bytes,
 *   frames or streams than it may is not read until its time has come.
 */
export class FrameGuard {
  readonly #connection: Guarded;
  readonly #valve: Valve;
  readonly #hit: (bound: Bound) => void;
  readonly #bytes = new Allowance(limits.CONNECTION_BYTES_PER_SECOND, limits.CONNECTION_BYTES_BURST);
  readonly #frames = new Allowance(limits.FRAMES_PER_SECOND, limits.FRAMES_BURST);
  readonly #streams = new Allowance(limits.STREAMS_PER_SECOND, limits.STREAMS_BURST);
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;
  /** Bytes of the frame's body that are still to come. */
  #bodyBytes = 0;
  #pause: NodeJS.Timeout | undefined;

  constructor(connection: Guarded, hit: (bound: Bound) => void) {
    this.#connection = connection;
    this.#valve = new Valve(connection);
    this.#hit = hit;
    connection.addEventListener('message', ({ data }) => this.#read(data));
    connection.addEventListener('close', () => clearTimeout(this.#pause));
  }

  #read(data: Uint8Array | Iterable<Uint8Array>): void {
    let bytes = 0;
    let frames = 0;
    let streams = 0;
    for (const chunk of data instanceof Uint8Array ? [data] : data) {
      bytes += chunk.byteLength;
      for (let at = 0; at < chunk.byteLength; ) {
        if (this.#bodyBytes > 0) {
          const skipped = Math.min(this.#bodyBytes, chunk.byteLength - at);
          this.#bodyBytes -= skipped;
          at += skipped;
          continue;
        }
        const taken = Math.min(HEADER_BYTES - this.#headerBytes, chunk.byteLength - at);
        this.#header.set(chunk.subarray(at, at + taken), this.#headerBytes);
        this.#headerBytes += taken;
        at += taken;
        if (this.#headerBytes < HEADER_BYTES) continue;
        this.#headerBytes = 0;
        frames += 1;
        if (this.#header.readUInt16BE(2) & FLAG_SYN) streams += 1;
        if (this.#header[1] !== TYPE_DATA) continue;
        this.#bodyBytes = this.#header.readUInt32BE(8);
        if (this.#bodyBytes > limits.MAX_STREAM_WINDOW_BYTES) {
          this.#cut(new ConnectionFault('muxer-frame-size', 'a frame is larger than its window'));
          return;
        }
      }
    }
    this.#rest(Math.max(this.#bytes.spend(bytes), this.#frames.spend(frames), this.#streams.spend(streams)));
  }

  /**
   * In the next turn of the event loop: what comes right behind the handshake is read before libp2p has a connection of it,
   * and nobody would hear why that has ended.
   */
  #cut(fault: ConnectionFault): void {
    this.#valve.close();
    setImmediate(() => this.#connection.abort(fault));
  }

  /** Reads no more for so many ms: TCP makes the peer wait. */
  #rest(ms: number): void {
    if (ms <= 0 || this.#connection.status !== 'open') return;
    if (this.#pause === undefined) {
      this.#hit('connection-traffic');
      this.#valve.close();
    }
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#valve.open();
    }, ms);
  }
}
