/**
 * Time that passes only when everything at hand is done: a queue of what is due, in place of the system's clock and
 * timers. Between two entries of the queue all promises come to rest, so a run depends on nothing but its queue.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';

/** When every run begins, in ms since the epoch. */
export const EPOCH_MS = Date.UTC(2026, 0, 1);

/** The real one, taken before any run puts its own clock in place. */
const { setImmediate: nextTurn } = globalThis;

/** Node's own module object: what is changed on it is seen by those who imported from it. */
const timersPromises = createRequire(import.meta.url)('node:timers/promises') as Record<string, unknown>;

class Timer {
  cancelled = false;

  constructor(
    public due: number,
    readonly task: () => void,
    /** In ms; undefined where the timer goes off once. */
    readonly every?: number,
  ) {}

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }
}

export class VirtualTime {
  /** In order of time, and of entry where that is equal. */
  readonly #queue: Timer[] = [];
  #now = 0;

  /** Milliseconds since the run began. */
  get now(): number {
    return this.#now;
  }

  after(ms: number, task: () => void): Timer {
    return this.#enter(new Timer(this.#now + Math.max(0, ms), task));
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Lets time pass until nothing is due within so many ms, or until the condition holds. */
  async pass(ms: number, until: () => boolean = () => false): Promise<void> {
    const end = this.#now + ms;
    await settled();
    while (!until()) {
      const next = this.#queue[0];
      if (next === undefined || next.due > end) {
        this.#now = end;
        return;
      }
      this.#queue.shift();
      if (next.cancelled) continue;
      this.#now = next.due;
      if (next.every !== undefined) {
        next.due += next.every;
        this.#enter(next);
      }
      next.task();
      await settled();
    }
  }

  /** Takes the place of the process's clock, timers and chance. @returns puts them back */
  install(): () => void {
    const setTimeout = (task: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      this.after(ms, () => task(...args));
    const setInterval = (task: () => void, ms: number) =>
      this.#enter(new Timer(this.#now + ms, task, Math.max(1, ms)));
    const clear = (real: (timer: never) => void) => (timer: unknown) => {
      if (timer instanceof Timer) cancel(timer);
      else real(timer as never);
    };
    const delay = (ms: number, value: unknown, { signal }: { signal?: AbortSignal } = {}) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        this.after(ms, () => resolve(value));
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    const random = () => {
      throw new Error('chance that is not passed in cannot be repeated');
    };
    const { clearTimeout, clearInterval } = globalThis;
    const undo = [
      replace(globalThis, { setTimeout, setInterval }),
      replace(globalThis, { clearTimeout: clear(clearTimeout), clearInterval: clear(clearInterval) }),
      replace(Date, { now: () => EPOCH_MS + this.#now }),
      replace(performance, { now: () => this.#now }),
      replace(Math, { random }),
      replace(timersPromises, { setTimeout: delay }),
    ];
    syncBuiltinESMExports();
    return () => {
      for (const back of undo) back();
      syncBuiltinESMExports();
    };
  }

  #enter(timer: Timer): Timer {
    let low = 0;
    let high = this.#queue.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#queue[middle]!.due <= timer.due) low = middle + 1;
      else high = middle;
    }
    this.#queue.splice(low, 0, timer);
    return timer;
  }
}

function cancel(timer: Timer): void {
  timer.cancelled = true;
}

/** Resolves when no promise, microtask or next tick is left to run. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    nextTurn(resolve);
  });
}

function replace(object: object, by: Record<string, unknown>): () => void {
  const before = Object.keys(by).map((key) => [key, Object.getOwnPropertyDescriptor(object, key)] as const);
  for (const [key, value] of Object.entries(by))
    Object.defineProperty(object, key, { value, writable: true, configurable: true });
  return () => {
    for (const [key, descriptor] of before) {
      if (descriptor) Object.defineProperty(object, key, descriptor);
      else Reflect.deleteProperty(object, key);
    }
  };
}
