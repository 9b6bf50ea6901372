/** What the node tells as it happens, followed over interruptions: nothing is missed, and nothing is told twice. */
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { parseJson } from '../../chain/json.js';
import type { Events } from './answers.js';

export interface Listener {
  /** The stream is there (again). */
  open(): void;
  event<Name extends keyof Events>(name: Name, event: Events[Name]): void;
  /** Some events are lost for good: what is shown must be fetched again. */
  reset(reason: string): void;
  /** The node does not answer. */
  away(): void;
  /** The node wants its token. */
  locked(): void;
}

/** Names the moment before all events that the node keeps. */
const FROM_THE_START = '0';
/** Between two attempts to reach a node that is away, in ms. */
const RETRY_MS = 1_000;
/** The node says something at least every 15 s; when it has been silent for this long, in ms, it is gone. */
const SILENCE_MS = 40_000;

export class LiveEvents {
  #lastId = FROM_THE_START;

  constructor(private readonly listener: Listener) {}

  /** Follows until the node wants a token. */
  async follow(): Promise<void> {
    for (;;) {
      const end = await this.#once();
      if (end === 'locked') return this.listener.locked();
      if (end === 'reset') continue;
      this.listener.away();
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  async #once(): Promise<'locked' | 'reset' | 'ended'> {
    const ending = new AbortController();
    let silence = 0;
    const heard = () => {
      clearTimeout(silence);
      silence = window.setTimeout(() => ending.abort(), SILENCE_MS);
    };
    try {
      heard();
      const response = await fetch('/events', {
        headers: { 'Last-Event-ID': this.#lastId },
        cache: 'no-store',
        signal: ending.signal,
      });
      if (response.status === 401) return 'locked';
      if (!response.ok || response.body === null) return 'ended';
      this.listener.open();
      const messages = response.body
        .pipeThrough(noticing(heard))
        .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
        .pipeThrough(new EventSourceParserStream())
        .getReader();
      for (;;) {
        const { done, value } = await messages.read();
        if (done) return 'ended';
        if (value.event === 'reset') {
          const { reason } = JSON.parse(value.data) as { reason: string };
          this.#lastId = FROM_THE_START;
          this.listener.reset(reason);
          return 'reset';
        }
        if (this.#isNew(value.id)) {
          this.listener.event(value.event as keyof Events, parseJson(value.data) as never);
        }
      }
    } catch {
      return 'ended'; // cut off, refused or silent: in each case the node is away
    } finally {
      clearTimeout(silence);
      ending.abort();
    }
  }

  #start = '';
  #number = 0;

  /** Ids are `<start of the node>-<number>`. */
  #isNew(id = ''): boolean {
    const [start = '', number = '0'] = id.split('-');
    if (start === this.#start && Number(number) <= this.#number) return false;
    this.#start = start;
    this.#number = Number(number);
    this.#lastId = id;
    return true;
  }
}

function noticing(notice: () => void): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(chunk, controller) {
      notice();
      controller.enqueue(chunk);
    },
  });
}
