/**
 * A disk that outlives its node: writes take time, and when the power goes, each is done or not done, as the store's
 * database promises. Whoever waited for a disk without power waits for ever.
 */
import assert from 'node:assert/strict';
import type { AbstractChainedBatch } from 'abstract-level';
import { MemoryLevel } from 'memory-level';
import type { Backend, Level } from '../../src/storage/database.js';
import type { Dice } from '../helpers/dice.js';
import type { VirtualTime } from './virtual-time.js';

type Batch = AbstractChainedBatch<Level, string, Buffer>;

/** What happens in the middle of a write. */
export interface Trap {
  /** Of a key that is written: only such writes count. */
  readonly prefix: string;
  /** Goes off at the first such write, or a later one. */
  readonly writes: number;
  spring(): void;
}

/** One time with power: what was begun in it ends with it. */
class Session {
  hasPower = true;
  /** What waits for the disk. */
  waiting = 0;
}

export class SimulatedDisk implements Backend {
  readonly place = 'disk';
  readonly #level = new MemoryLevel<string, Buffer>({ valueEncoding: 'buffer' });
  #session = new Session();
  #trap: Trap | undefined;
  /** A write takes up to so many ms until it is done, and as many until that is told. */
  slowestWriteMs = 5;

  constructor(
    private readonly time: VirtualTime,
    private readonly dice: Dice,
  ) {}

  async open(): Promise<Level> {
    const session = new Session();
    this.#session = session;
    await this.#level.open();
    return this.#watched(session);
  }

  async discard(): Promise<void> {}

  /** Nobody waits for it, and no trap is about to go off. */
  get isIdle(): boolean {
    return this.#session.waiting === 0;
  }

  cutPower(): void {
    this.#session.hasPower = false;
    this.#trap = undefined;
  }

  /** Takes the place of the trap before, if that has not gone off. */
  setTrap(trap: Trap): void {
    this.#trap = trap;
  }

  /** Everything that is stored at this moment, in the order of the keys. */
  async contents(): Promise<[string, Buffer][]> {
    return await this.#level.iterator().all();
  }

  /** The database as its user sees it; what is not delayed goes straight through. */
  #watched(session: Session): Level {
    const level = this.#level;
    const overridden: Record<string, unknown> = {
      get: (...args: Parameters<Level['get']>) => this.#read(session, () => level.get(...args)),
      getMany: (...args: Parameters<Level['getMany']>) => this.#read(session, () => level.getMany(...args)),
      clear: (...args: Parameters<Level['clear']>) => this.#write(session, () => level.clear(...args)),
      batch: () => this.#batch(session, level.batch() as unknown as Batch),
      close: async () => {
        if (session.hasPower) await level.close();
      },
    };
    return new Proxy(level, {
      get: (target, key) => {
        if (typeof key === 'string' && key in overridden) return overridden[key];
        const value = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    }) as unknown as Level;
  }

  #batch(session: Session, batch: Batch) {
    const keys: string[] = [];
    return {
      put: (key: string, value: Buffer) => {
        keys.push(key);
        batch.put(key, value);
      },
      del: (key: string) => {
        keys.push(key);
        batch.del(key);
      },
      write: async (options: { sync?: boolean }) => {
        assert.ok(options.sync, 'what is not synced may be lost after it was told to be stored');
        this.#step(session, keys);
        await this.#write(session, () => batch.write(options));
      },
    };
  }

  removeTrap(): void {
    this.#trap = undefined;
  }

  /** A trap goes off while the write is under way: it may be done by then, or not. */
  #step(session: Session, keys: readonly string[]): void {
    if (this.#trap === undefined || !keys.some((key) => key.startsWith(this.#trap!.prefix))) return;
    const { writes, spring } = this.#trap;
    this.#trap = writes > 1 ? { ...this.#trap, writes: writes - 1 } : undefined;
    if (writes > 1) return;
    session.waiting++;
    this.time.after(this.dice.next() * 2 * this.slowestWriteMs, () => {
      session.waiting--;
      if (session.hasPower) spring();
    });
  }

  async #write(session: Session, apply: () => Promise<void>): Promise<void> {
    await this.#wait(session, this.dice.next() * this.slowestWriteMs);
    await apply();
    await this.#wait(session, this.dice.next() * this.slowestWriteMs);
  }

  /** Most reads are answered from memory, at once. */
  async #read<T>(session: Session, read: () => Promise<T>): Promise<T> {
    if (this.dice.below(16) === 0) await this.#wait(session, this.dice.next() * 2);
    const value = await read();
    await this.#wait(session, 0);
    return value;
  }

  async #wait(session: Session, ms: number): Promise<void> {
    if (ms > 0) {
      session.waiting++;
      await this.time.sleep(ms);
      session.waiting--;
    }
    if (!session.hasPower) await new Promise(() => {});
  }
}
