/** What the node tells as it happens, followed over interruptions: nothing is missed, and nothing is told twice. */
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { parseJson } from '../../chain/json.js';
import type { Events } from './answers.js';
import { messageIn } from './api.js';

export interface Listener {
  /** The stream is there (again). */
  open(): void;
  event<Name extends keyof Events>(name: Name, event: Events[Name]): void;
  /** Some events are lost for good: what is shown must be fetched again. */
  reset(reason: string): void;
  /** @param reason the node's own words; undefined where it does not answer */
  away(reason: string | undefined): void;
  /** The node wants its token. */
  locked(): void;
}

/** Names the moment before all events that the node keeps. */
const FROM_THE_START = '0';
/** Between two attempts to reach a node that is away, and says nothing of when, in ms. */
const RETRY_MS = 1_000;
/** The node says something at least every 15 s; when it has been silent for this long, in ms, it is gone. */
const SILENCE_MS = 40_000;

/** Why there is no stream for now. */
interface Pause {
  readonly reason: string | undefined;
  readonly ms: number;
}

const AWAY: Pause = { reason: undefined, ms: RETRY_MS };

/** Why a stream has ended that we let go of. */
const REST = 'rest';

/** A time without a stream, until somebody ends it. */
class Rest {
  end: () => void = () => {};
  readonly over = new Promise<void>((resolve) => {
    this.end = resolve;
  });
}

export class LiveEvents {
  #lastId = FROM_THE_START;
  #rest: Rest | undefined;
  /** Ends the stream that is there, or on its way. */
  #stream: AbortController | undefined;

  constructor(private readonly listener: Listener) {}

  /** Follows until the node wants a token. */
  async follow(): Promise<void> {
    for (;;) {
      while (this.#rest !== undefined) await this.#rest.over;
      const end = await this.#once();
      if (end === 'locked') return this.listener.locked();
      if (end === 'reset' || end === REST) continue;
      this.listener.away(end.reason);
      await new Promise((resolve) => setTimeout(resolve, end.ms));
    }
  }

  /** Lets go of the stream until it is woken. The node is not away: what it tells meanwhile is heard then. */
  rest(): void {
    this.#rest ??= new Rest();
    this.#stream?.abort(REST);
  }

  wake(): void {
    this.#rest?.end();
    this.#rest = undefined;
  }

  async #once(): Promise<'locked' | 'reset' | typeof REST | Pause> {
    const ending = new AbortController();
    this.#stream = ending;
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
      if (!response.ok || response.body === null) return await refusal(response);
      this.listener.open();
      const messages = response.body
        .pipeThrough(noticing(heard))
        .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
        .pipeThrough(beginning((id) => this.#begun(id)))
        .pipeThrough(new EventSourceParserStream())
        .getReader();
      for (;;) {
        const { done, value } = await messages.read();
        if (done) return AWAY;
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
      // Cut off, refused or silent: in each case the node is away, unless it was we who let go.
      return ending.signal.reason === REST ? REST : AWAY;
    } finally {
      clearTimeout(silence);
      ending.abort();
    }
  }

  /**
   * By this id a node that tells nothing is known again, too: once it is started anew its ids begin otherwise. Only at first: before
   * a reset it names a place that is not ours.
   */
  #begun(id: string): void {
    if (this.#lastId === FROM_THE_START) this.#lastId = id;
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

/** Such as that too many listen already: the node says so, and when to try again. */
async function refusal(response: Response): Promise<Pause> {
  const seconds = Number(response.headers.get('Retry-After'));
  return { reason: messageIn(await response.text()), ms: seconds > 0 ? seconds * 1_000 : RETRY_MS };
}

function noticing(notice: () => void): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(chunk, controller) {
      notice();
      controller.enqueue(chunk);
    },
  });
}

/** Tells the id that the stream begins with, before any event: of one without an event the parser says nothing. */
function beginning(tell: (id: string) => void): TransformStream<string, string> {
  let start: string | undefined = '';
  return new TransformStream({
    transform(chunk, controller) {
      if (start !== undefined) {
        start += chunk;
        const id = /^id: (\S+)\n\n/m.exec(start)?.[1];
        if (id !== undefined) tell(id);
        if (start.includes('\n\n')) start = undefined;
      }
      controller.enqueue(chunk);
    },
  });
}
