/** LevelDB, or its like in memory: whole synced batches in, reads that may be bound to a snapshot out, our errors. */
import type { AbstractBatchOptions, AbstractLevel, AbstractSnapshot } from 'abstract-level';
import { wayOutOf } from '../open-files.js';
import { reasonOf } from '../reason.js';
import { damaged, notOpenable, StorageError } from './errors.js';
import { refusalIn } from './refusal.js';

export type Level = AbstractLevel<string | Buffer | Uint8Array, string, Buffer>;
export type Snapshot = AbstractSnapshot;
export type Change =
  | { readonly type: 'put'; readonly key: string; readonly value: Buffer }
  | { readonly type: 'del'; readonly key: string };

/** Where the database comes from. */
export interface Backend {
  /** What to call it in messages. */
  readonly place: string;
  /** @throws StorageError `in-use`, `not-writable`, `damaged` */
  open(): Promise<Level>;
  /** Undoes what opening has made, once the database is closed. */
  discard(): Promise<void>;
}

export interface Range {
  readonly gt?: string;
  readonly gte?: string;
  readonly lte?: string;
  readonly lt?: string;
  readonly reverse?: boolean;
  /** Entries at most. */
  readonly limit?: number;
}

/** However long a range is, and however slow its reader, no more of it than this (and one value) waits in memory. */
const READ_AHEAD = { highWaterMarkBytes: 128 << 10, fillCache: false };
/** Entries read at once; the smallest blocks have some 190 bytes, so the bytes run out first. */
const PIECE_ENTRIES = 1000;
/** A write that was answered has reached the disk. */
const SYNCED: AbstractBatchOptions<string, Buffer> & { sync: boolean } = { sync: true };

const CLOSED = new Set(['LEVEL_DATABASE_NOT_OPEN', 'LEVEL_ITERATOR_NOT_OPEN', 'LEVEL_SNAPSHOT_NOT_OPEN']);

/** What has been written so far. */
export interface Writes {
  /** Batches, each of them on the disk. */
  readonly count: number;
  /** How long they took, all together. */
  readonly seconds: number;
}

export class Database {
  #writes: Writes = { count: 0, seconds: 0 };
  #refusal: StorageError | undefined;

  /** @param troubled told of what is found damaged, and of the write that failed */
  constructor(
    private readonly level: Level,
    readonly place: string,
    private readonly troubled: (error: StorageError) => void = () => {},
  ) {}

  get writes(): Writes {
    return this.#writes;
  }

  async get(key: string, snapshot?: Snapshot): Promise<Buffer | undefined> {
    return await this.#reading(() => this.level.get(key, { snapshot }));
  }

  async getMany(keys: string[]): Promise<(Buffer | undefined)[]> {
    return await this.#reading(() => this.level.getMany(keys));
  }

  async keys(range: Range): Promise<string[]> {
    return await this.#reading(() => this.level.keys({ ...range }).all());
  }

  async *values(range: Range, snapshot?: Snapshot): AsyncGenerator<Buffer> {
    for await (const entries of this.entries(range, snapshot)) for (const [, value] of entries) yield value;
  }

  /** Keys and values, some at a time: as many as are read at once. */
  async *entries(range: Range, snapshot?: Snapshot): AsyncGenerator<[string, Buffer][]> {
    try {
      const iterator = this.level.iterator({ ...range, ...READ_AHEAD, snapshot });
      try {
        for (;;) {
          const entries = await iterator.nextv(PIECE_ENTRIES);
          if (entries.length === 0) return;
          yield entries;
        }
      } finally {
        await iterator.close();
      }
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** What is stored now, unchanging until it is closed. */
  snapshot(): Snapshot {
    try {
      return this.level.snapshot();
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /**
   * Writes all of the changes or none. After a failure what is on disk is unknown until the next start, so nothing
   * more is written.
   *
   * @throws StorageError `not-writable`, `closed`
   */
  async write(changes: Change[]): Promise<void> {
    await this.#writing(async () => {
      // One operation at a time into the batch: an array of them would be cloned, and weigh more than what it writes.
      const batch = this.level.batch();
      for (const change of changes) {
        if (change.type === 'put') batch.put(change.key, change.value);
        else batch.del(change.key);
      }
      const begun = performance.now();
      await batch.write(SYNCED);
      const { count, seconds } = this.#writes;
      this.#writes = { count: count + 1, seconds: seconds + (performance.now() - begun) / 1000 };
    });
  }

  /** Deletes a range that nobody reads any more; not at once. */
  async clear(range: Range): Promise<void> {
    await this.#writing(() => this.level.clear({ ...range }));
  }

  /** From now on writes fail with this error; the one under way comes to its end. */
  refuseWrites(error: StorageError): void {
    this.#refusal ??= error;
  }

  /** What was begun cannot be ended: nothing more is written, and the owner is told. */
  giveUp(error: StorageError): void {
    if (this.#refusal !== undefined) return;
    this.refuseWrites(error);
    this.troubled(error);
  }

  /** What to throw where something that was read cannot be what was written. */
  damaged(what: string, cause?: unknown): StorageError {
    const error = damaged(this.place, what, cause);
    this.troubled(error);
    return error;
  }

  async close(): Promise<void> {
    await this.level.close();
  }

  async #reading<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      throw this.#explain(error);
    }
  }

  async #writing(write: () => Promise<void>): Promise<void> {
    if (this.#refusal !== undefined) throw this.#refusal;
    try {
      await write();
    } catch (error) {
      const reason = reasonOf(error);
      const wayOut = wayOutOf(reason, 'see that the disk has room and may be written to');
      this.#refusal = new StorageError(
        'not-writable',
        `cannot write to ${this.place} (${reason}): ${wayOut}; the node looks every few seconds, and goes on then`,
        { cause: error },
      );
      this.troubled(this.#refusal);
      throw this.#refusal;
    }
  }

  #explain(error: unknown): unknown {
    if (!(error instanceof Error) || !('code' in error)) return error;
    if (CLOSED.has(String(error.code)))
      return new StorageError('closed', 'the store is closed', { cause: error });
    const refusal = refusalIn(error.message);
    if (refusal !== undefined) return notOpenable(this.place, refusal, error.message, error);
    if (/^LEVEL_(CORRUPTION|IO_ERROR|DECODE_ERROR)$/.test(String(error.code)))
      return this.damaged(error.message, error);
    return error;
  }
}
