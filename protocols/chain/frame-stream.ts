import type { Stream } from '@libp2p/interface';
import { type ByteStream, byteStream } from '@libp2p/utils';
import * as lp from 'it-length-prefixed';
import { pipe } from 'it-pipe';
import type { Uint8ArrayList } from 'uint8arraylist';
import { ChainProtocolError } from './errors.js';

export interface FrameLimits {
  /** Bytes of one frame. */
  readonly frameBytes: number;
  /** Bytes of all frames together, lengths included; no more is ever held. */
  readonly totalBytes: number;
}

/** A length takes no more bytes than this: 2^28-1, far above every limit. */
const MAX_LENGTH_BYTES = 4;

/**
 * One exchange's stream, read and written a frame at a time. Every wait has a limit; going over it aborts the stream,
 * which ends every other wait on it.
 */
export class FrameStream {
  readonly #stream: Stream;
  readonly #bytes: ByteStream<Stream>;
  readonly #frames: AsyncGenerator<Uint8ArrayList>;
  /** Why this side aborted the stream. */
  #aborted: { readonly reason: unknown } | undefined;

  constructor(stream: Stream, limits: FrameLimits) {
    this.#stream = stream;
    // Reading has no back-pressure: whatever arrives is held until it is read, so what may arrive is bounded here.
    this.#bytes = byteStream(stream, { maxBufferSize: limits.totalBytes });
    this.#frames = pipe(chunks(this.#bytes, limits.totalBytes), (source) =>
      lp.decode(source, { maxDataLength: limits.frameBytes, maxLengthLength: MAX_LENGTH_BYTES }),
    );
  }

  /**
   * @returns the next frame; undefined where the peer ended its side, or the connection broke, between two frames
   * @throws ChainProtocolError `timeout`, `too-large`, `unreachable` (the stream broke off), or what it was aborted with
   */
  async read(timeoutMs: number): Promise<Uint8Array | undefined> {
    const next = await this.#within(timeoutMs, () => this.#frames.next());
    return next.done ? undefined : next.value.subarray();
  }

  /**
   * Resolves when the peer can take more.
   * @throws ChainProtocolError `timeout`, `unreachable`, or what it was aborted with
   */
  async write(frame: Uint8Array, timeoutMs: number): Promise<void> {
    await this.#within(timeoutMs, () => this.#bytes.write(lp.encode.single(frame)));
  }

  /**
   * Half-closes: the peer sees the end once it has read everything.
   * @throws ChainProtocolError `timeout`, `unreachable`, or what it was aborted with
   */
  async end(timeoutMs: number): Promise<void> {
    await this.#within(timeoutMs, () => this.#stream.close());
  }

  /** Leaves the stream to be closed by the peer, and aborts it if that takes too long. */
  linger(timeoutMs: number): void {
    if (this.#stream.status !== 'open') return;
    const timer = setTimeout(() => this.abort(silence(timeoutMs)), timeoutMs).unref();
    this.#stream.addEventListener('close', () => clearTimeout(timer), { once: true });
  }

  /** Ends the stream at once in both directions. Every wait on it, now or later, throws `reason`. */
  abort(reason: unknown): void {
    this.#aborted ??= { reason };
    this.#stream.abort(reason instanceof Error ? reason : new Error('aborted', { cause: reason }));
  }

  async #within<T>(timeoutMs: number, step: () => Promise<T>): Promise<T> {
    this.#throwIfAborted();
    const timer = setTimeout(() => this.abort(silence(timeoutMs)), timeoutMs);
    try {
      const result = await step();
      this.#throwIfAborted();
      return result;
    } catch (error) {
      this.#throwIfAborted();
      throw streamError(error);
    } finally {
      clearTimeout(timer);
    }
  }

  #throwIfAborted(): void {
    if (this.#aborted) throw this.#aborted.reason;
  }
}

async function* chunks(bytes: ByteStream<Stream>, maxBytes: number): AsyncGenerator<Uint8ArrayList> {
  let received = 0;
  for (;;) {
    const chunk = await bytes.read();
    if (chunk === null) return;
    received += chunk.byteLength;
    if (received > maxBytes) throw tooLarge(`more than ${maxBytes} bytes were sent`);
    yield chunk;
  }
}

function silence(timeoutMs: number): ChainProtocolError {
  return new ChainProtocolError('timeout', `the peer did not go on within ${timeoutMs} ms`);
}

function tooLarge(message: string, cause?: unknown): ChainProtocolError {
  return new ChainProtocolError('too-large', message, { cause });
}

/** What the libraries throw, in our terms; a fault of our own stays itself. A closed stream rejects with an event. */
function streamError(error: unknown): unknown {
  if (error instanceof ChainProtocolError || error instanceof TypeError) return error;
  switch (error instanceof Error ? error.name : undefined) {
    case 'InvalidDataLengthError':
    case 'InvalidDataLengthLengthError':
    case 'StreamBufferError':
      return tooLarge('the peer sent, or announced, more than the protocol allows', error);
    case 'UnexpectedEOFError':
      return new ChainProtocolError('unreachable', 'the stream broke off in the middle of a frame', {
        cause: error,
      });
    default:
      return new ChainProtocolError('unreachable', 'the stream broke off', { cause: error });
  }
}
