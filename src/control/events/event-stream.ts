/** What a node tells, for any number of clients (up to a bound) and those who come back. */
import type { Node, NodeEvents } from '../../node/index.js';
import {
  HEARTBEAT_MS,
  MAX_EVENT_CLIENTS,
  MAX_KEPT_EVENT_BYTES,
  MAX_KEPT_EVENTS,
  SLOW_CLIENT_MS,
} from '../constants.js';
import { EventLog, type LogLimits } from './event-log.js';
import { EventFeed } from './feed.js';
import { FRAMES, type Told } from './frames.js';

/** The part of a node that is listened to. */
export type EventSource = Pick<Node, 'on' | 'off'>;

export interface EventLimits {
  readonly kept: LogLimits;
  readonly clients: number;
  readonly heartbeatMs: number;
  readonly slowMs: number;
}

export const EVENT_LIMITS: EventLimits = {
  kept: { events: MAX_KEPT_EVENTS, bytes: MAX_KEPT_EVENT_BYTES },
  clients: MAX_EVENT_CLIENTS,
  heartbeatMs: HEARTBEAT_MS,
  slowMs: SLOW_CLIENT_MS,
};

export class EventStream {
  readonly #source: EventSource;
  readonly #limits: EventLimits;
  #log: EventLog;
  readonly #feeds = new Set<EventFeed>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #stopListening: (() => void)[] = [];

  /** Listens from now on. */
  constructor(source: EventSource, limits: EventLimits = EVENT_LIMITS) {
    this.#source = source;
    this.#limits = limits;
    this.#log = new EventLog(limits.kept, Date.now());
    this.#heartbeat = setInterval(() => {
      for (const feed of this.#feeds) feed.heartbeat();
    }, limits.heartbeatMs);
    this.#heartbeat.unref();
    for (const name of ['block', 'transaction', 'peer', 'fork', 'reorg', 'mining'] as const)
      this.#listen(name, (event) => this.#append(name, event));
    this.#listen('restart', ({ at }) => this.#beginAnew(at));
  }

  /**
   * A client's stream of events, from now on or from where it was.
   *
   * @param lastEventId the id of the last event it has seen
   * @returns undefined when there are too many clients
   */
  open(lastEventId: string | undefined): EventFeed | undefined {
    if (this.#feeds.size >= this.#limits.clients) return undefined;
    const position = lastEventId === undefined ? undefined : this.#log.after(lastEventId);
    const feed = new EventFeed(this.#log, position, this.#limits.slowMs);
    this.#feeds.add(feed);
    feed.once('close', () => this.#feeds.delete(feed));
    return feed;
  }

  get clients(): number {
    return this.#feeds.size;
  }

  stop(): void {
    clearInterval(this.#heartbeat);
    for (const stopListening of this.#stopListening.splice(0)) stopListening();
    for (const feed of this.#feeds) feed.finish();
  }

  #append<Name extends Told>(name: Name, event: NodeEvents[Name][0]): void {
    this.#log.append(FRAMES[name](event));
    // A long sync tells of a hundred thousand blocks, mostly to nobody.
    if (this.#feeds.size > 0) for (const feed of this.#feeds) feed.pump();
  }

  /** Not all is in the log: who comes back is told so, and everybody is to come back. */
  #beginAnew(at: number): void {
    this.#log = new EventLog(this.#limits.kept, at);
    for (const feed of this.#feeds) feed.finish();
  }

  #listen<Name extends keyof NodeEvents>(name: Name, listener: (event: NodeEvents[Name][0]) => void): void {
    this.#source.on(name, listener as never);
    this.#stopListening.push(() => this.#source.off(name, listener as never));
  }
}
