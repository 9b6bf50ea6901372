/** The events of late, kept for those who come back: bounded in number and in bytes. */

export interface LogLimits {
  readonly events: number;
  /** Of all events kept, in bytes. */
  readonly bytes: number;
}

/** An event that is written only when someone reads it. */
export interface Unwritten {
  readonly name: string;
  /** About what its data weighs, in bytes. */
  readonly bytes: number;
  /** Its data: one line of JSON. */
  data(): string;
}

/** What came after a client's last event; or why that cannot be told. */
export type Position = number | 'restarted' | 'too-old' | 'unknown-id';

/** Stands before all events: whoever names it gets all that are kept. */
const BEFORE_ALL = '0';
const ID = /^(\d{1,16})-(\d{1,16})$/;

export class EventLog {
  readonly #limits: LogLimits;
  /**
   * The event of each number at its remainder by the most that are kept. Where they moved up in a list, the lists that V8
   * leaves behind would keep what was dropped alive until its next full collection: in a long sync, all blocks.
   */
  readonly #events: (Unwritten | undefined)[];
  /** Numbers alone would be given twice over a restart. */
  readonly #start: number;
  /** Number of the first event kept. */
  #first = 1;
  /** Number of the next event: they are counted from 1. */
  #next = 1;
  #bytes = 0;

  /** @param start when this log began, in ms since the epoch */
  constructor(limits: LogLimits, start: number) {
    this.#limits = limits;
    this.#start = start;
    this.#events = Array<Unwritten | undefined>(limits.events).fill(undefined);
  }

  get next(): number {
    return this.#next;
  }

  append(event: Unwritten): void {
    if (this.#next - this.#first === this.#limits.events) this.#dropOldest();
    this.#events[this.#placeOf(this.#next++)] = event;
    this.#bytes += event.bytes;
    while (this.#bytes > this.#limits.bytes) this.#dropOldest();
  }

  /** The id of the event of this number; of the moment before all events, for 0. */
  idOf(number: number): string {
    return `${this.#start}-${number}`;
  }

  /** The event of this number; undefined where it is kept no longer, or has not happened. */
  at(number: number): Unwritten | undefined {
    return number >= this.#first && number < this.#next ? this.#events[this.#placeOf(number)] : undefined;
  }

  /** Number of the event after the one with this id, if what came between is still here. */
  after(id: string): Position {
    if (id === BEFORE_ALL) return this.#first;
    const match = ID.exec(id);
    if (match === null) return 'unknown-id';
    if (Number(match[1]) !== this.#start) return 'restarted';
    const number = Number(match[2]) + 1;
    if (number > this.#next) return 'unknown-id';
    return number < this.#first ? 'too-old' : number;
  }

  #dropOldest(): void {
    const place = this.#placeOf(this.#first++);
    this.#bytes -= this.#events[place]?.bytes ?? 0;
    this.#events[place] = undefined;
  }

  #placeOf(number: number): number {
    return number % this.#limits.events;
  }
}
