/** One client's place in the log: it reads on as fast as the client takes what it reads, and holds no more than that. */
import { Readable } from 'node:stream';
import { canonicalJson } from '../../chain/index.js';
import { EVENT_BUFFER_BYTES, RECONNECT_MS } from '../constants.js';
import { isoTime } from '../schemas/common.js';
import type { EventLog, Position } from './event-log.js';
import { eventText } from './frames.js';

/** The end of a stream whose client did not read it. */
export class SlowClient extends Error {
  override readonly name = 'SlowClient';

  constructor(slowMs: number) {
    super(`the client took no events for ${slowMs / 1000} s`);
  }
}

export class EventFeed extends Readable {
  readonly #log: EventLog;
  readonly #slowMs: number;
  #next: number;
  #isFinished = false;
  /** Whether the client wants more than there was. */
  #wanted = false;
  /** Runs while something waits for the client. */
  #slow: NodeJS.Timeout | undefined;

  /**
   * @param position after the client's last event, or why that is not known; undefined for a new client
   * @param slowMs how long the client may take nothing while something waits, in ms
   */
  constructor(log: EventLog, position: Position | undefined, slowMs: number) {
    super({ highWaterMark: EVENT_BUFFER_BYTES });
    this.#log = log;
    this.#slowMs = slowMs;
    this.#next = typeof position === 'number' ? position : log.next;
    // An id without data is remembered, though it is no event: whoever comes back names it.
    this.push(`retry: ${RECONNECT_MS}\nid: ${log.idOf(this.#next - 1)}\n\n`);
    if (typeof position === 'string') this.push(this.#reset(position));
  }

  override _read(): void {
    this.#wanted = true;
    clearTimeout(this.#slow);
    this.#slow = undefined;
    this.pump();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#slow);
    done(error);
  }

  /** There may be something new. */
  pump(): void {
    if (this.destroyed || this.#isFinished || this.#next >= this.#log.next) return;
    if (!this.#wanted) {
      this.#slow ??= setTimeout(() => this.destroy(new SlowClient(this.#slowMs)), this.#slowMs);
      return;
    }
    this.#wanted = false;
    this.push(this.#piece());
  }

  /** Keeps the connection from looking dead. */
  heartbeat(): void {
    if (this.#wanted && !this.destroyed && !this.#isFinished) this.push(': still here\n\n');
  }

  /** Ends the stream after what is under way. */
  finish(): void {
    this.#isFinished = true;
    if (!this.destroyed) this.push(null);
  }

  /** What is next, as much as fits into the buffer, and at least one event. */
  #piece(): string {
    let text = '';
    while (this.#next < this.#log.next && text.length < EVENT_BUFFER_BYTES) {
      const event = this.#log.at(this.#next);
      if (event === undefined) {
        this.#next = this.#log.next;
        return text + this.#reset('too-slow');
      }
      text += eventText(this.#log.idOf(this.#next), event.name, event.data());
      this.#next++;
    }
    return text;
  }

  #reset(reason: string): string {
    const data = canonicalJson({ reason, at: isoTime(Date.now()) });
    return eventText(this.#log.idOf(this.#next - 1), 'reset', data);
  }
}
