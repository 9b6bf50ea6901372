/** A LevelDB database in a directory of its own, made if there is none. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { reasonOf } from '../reason.js';
import type { Backend, Level } from './database.js';
import { damaged, isOthers, notOpenable, StorageError } from './errors.js';
import { damageIn } from './level-files.js';
import { refusalIn } from './refusal.js';
import { hasRoom } from './room.js';

/**
 * Tables are read by mapping them into memory: LevelDB's least number of open files (ten of them not tables) keeps that to 64
 * tables, however long the chain is.
 */
const MAX_OPEN_FILES = 74;
/**
 * What is buffered becomes a table, and one that overlaps no other stays as it is: a chain's tables have some half a MiB, so that
 * some 30 MiB of them are mapped. Smaller ones would be too many for a sync: each is synced to disk.
 */
const BUFFERED_BYTES = 384 << 10;
/** Of those that LevelDB merges, the least that it takes. */
const MERGED_BYTES = 1 << 20;
/** What opening writes beside the logs, which become tables: a manifest, which names every table, and a log of its own. */
const OPENING_BYTES = 1 << 20;

export class Directory implements Backend {
  readonly place: string;
  /** The directories that the last opening has made, outermost first. */
  #made: string[] = [];

  /**
   * @param bufferedBytes collected in memory, twice at most, before LevelDB writes a table: the memory that a database
   *   comes to hold, however seldom it is written to; 64 KiB at least
   */
  constructor(
    path: string,
    private readonly bufferedBytes = BUFFERED_BYTES,
  ) {
    this.place = resolve(path);
  }

  async open(): Promise<Level> {
    // What was there before this opening is never discarded.
    this.#made = [];
    try {
      await this.#make();
      const damage = await damageIn(this.place);
      if (damage !== undefined) throw damaged(this.place, damage);
      const level = new ClassicLevel<string, Buffer>(this.place, {
        valueEncoding: 'buffer',
        maxOpenFiles: MAX_OPEN_FILES,
        // Half of what is written are hashes, and the processor is wanted elsewhere: a long sync takes a tenth less of it.
        compression: false,
        writeBufferSize: this.bufferedBytes,
        maxFileSize: MERGED_BYTES,
      });
      await level.open();
      return level;
    } catch (error) {
      const explained = error instanceof StorageError ? error : await this.#explain(error);
      if (!isOthers(explained)) await this.discard();
      throw explained;
    }
  }

  async discard(): Promise<void> {
    for (const directory of this.#made.reverse()) {
      if (directory === this.place) await rm(directory, { recursive: true, force: true });
      else if (!(await removeIfEmpty(directory))) break;
    }
    this.#made = [];
  }

  /** One by one, so that what was made is known; and `mkdir` with `recursive` never ends in some places (/proc). */
  async #make(): Promise<void> {
    const missing: string[] = [];
    for (let path = this.place; !existsSync(path) && path !== dirname(path); path = dirname(path))
      missing.unshift(path);
    for (const path of missing) if (await makeIfMissing(path)) this.#made.push(path);
  }

  async #explain(error: unknown): Promise<StorageError> {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const reason = reasonOf(cause);
    if (code === 'LEVEL_LOCKED') {
      const wayOut = 'stop the node that uses it, or choose another --data-dir';
      return new StorageError('in-use', `${this.place} is in use by another process: ${wayOut}`, { cause });
    }
    if (code === 'LEVEL_CORRUPTION') return damaged(this.place, reason, cause);
    const refusal = refusalIn(reason);
    if (refusal === 'too-many-files' || refusal === 'no-memory')
      return notOpenable(this.place, refusal, reason, cause);
    // LevelDB says the same of a file that is gone and of a disk that is full; and there may be room again, since it has
    // removed the table that did not fit.
    if (code === 'LEVEL_IO_ERROR' && refusal === undefined && (await this.#hasRoomToOpen()))
      return damaged(this.place, reason, cause);
    const wayOut =
      refusal === 'no-room'
        ? 'make room on its disk and start again, or choose another --data-dir'
        : 'choose another --data-dir, or make it one that may be written to';
    return new StorageError('not-writable', `cannot keep a chain in ${this.place} (${reason}): ${wayOut}`, {
      cause,
    });
  }

  async #hasRoomToOpen(): Promise<boolean> {
    try {
      let bytes = OPENING_BYTES;
      for (const name of await readdir(this.place))
        if (name.endsWith('.log')) bytes += (await stat(join(this.place, name))).size;
      return await hasRoom(this.place, bytes);
    } catch {
      return false; // it cannot even be looked at
    }
  }
}

async function makeIfMissing(directory: string): Promise<boolean> {
  try {
    await mkdir(directory);
    return true;
  } catch (error) {
    // Somebody else has made it in between.
    if (existsSync(directory)) return false;
    throw error;
  }
}

async function removeIfEmpty(directory: string): Promise<boolean> {
  try {
    await rmdir(directory);
    return true;
  } catch {
    // Somebody else has put something there: it stays.
    return false;
  }
}
