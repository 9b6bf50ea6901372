/** Reads the runs of our chain, as they are stored now or were at a moment. */
import { GENESIS_INDEX } from '../chain/index.js';
import type { Database, Snapshot } from './database.js';
import { layout } from './layout.js';
import { bytesOf } from './records.js';
import { isWhole, type Run, recordIn, recordsIn } from './run.js';
import { wholeBytes } from './stored-block.js';

/** A run, and which of its blocks are not hidden by a later one. */
interface Span {
  readonly run: Run;
  readonly from: number;
  readonly to: number;
}

/** All throw StorageError `damaged` where what must be there is not. */
export class Runs {
  constructor(
    private readonly db: Database,
    private readonly snapshot?: Snapshot,
  ) {}

  /** The last of the database. */
  async last(): Promise<Run> {
    const run = await this.#lastIn(layout.allRuns);
    if (run === undefined) throw this.db.damaged('its chain is missing');
    return run;
  }

  /** The run that has a block, if any has: the one that begins with it, or the last before. */
  async at(index: number): Promise<Run> {
    const own = await this.db.get(layout.run(index), this.snapshot);
    if (own !== undefined) return { first: index, record: own };
    const before = await this.#lastIn({ gte: layout.run(GENESIS_INDEX), lt: layout.run(index) });
    return before ?? this.missing(index);
  }

  /** The record of one block. */
  async record(index: number): Promise<Buffer> {
    return recordIn(await this.at(index), index) ?? this.missing(index);
  }

  /** The records of the blocks from one index to another, both included, with their indexes; those that are there, some at a time. */
  async *records(from: number, to: number): AsyncGenerator<[number, Buffer][]> {
    if (from > to) return;
    for await (const spans of this.#spans(from, to))
      yield spans.flatMap((span) =>
        [...recordsIn(span.run, span.from, span.to)].map((record, at): [number, Buffer] => [
          span.from + at,
          record,
        ]),
      );
  }

  /** The canonical bytes of the blocks from one index to another, both included, some at a time. */
  async *bytes(from: number, to: number): AsyncGenerator<Uint8Array[]> {
    for await (const spans of this.#spans(from, to)) {
      const blocks: Uint8Array[] = [];
      for (const span of spans) this.#read(span, blocks);
      if (blocks.length > 0) yield blocks;
    }
  }

  /** What stands there instead of a block. */
  unreadable(index: number): never {
    throw this.db.damaged(`block ${index} is not what was stored`);
  }

  /** Pages stand before the first run after them: never last, and never between a run and its blocks. */
  async #lastIn(range: { gte: string; lt: string }): Promise<Run | undefined> {
    for await (const [entry] of this.db.entries({ ...range, reverse: true, limit: 1 }, this.snapshot))
      if (entry !== undefined) return { first: layout.numberIn(entry[0]), record: entry[1] };
    return undefined;
  }

  /** The runs that the blocks stand in, some at a time. */
  async *#spans(from: number, to: number): AsyncGenerator<Span[]> {
    let run = await this.at(from);
    let next = from;
    const later = { gt: layout.run(from), lte: layout.run(to) };
    for await (const entries of this.db.entries(later, this.snapshot)) {
      const spans: Span[] = [];
      for (const [key, record] of entries) {
        if (layout.isPage(key)) continue;
        const first = layout.numberIn(key);
        spans.push({ run, from: next, to: first - 1 });
        run = { first, record };
        next = first;
      }
      yield spans;
    }
    yield [{ run, from: next, to }];
  }

  /** Takes the blocks of a run. Where it is whole, each of its blocks is. */
  #read({ run, from, to }: Span, into: Uint8Array[]): void {
    const whole = isWhole(run);
    let index = from;
    for (const record of recordsIn(run, from, to)) {
      into.push(whole ? bytesOf(record) : (wholeBytes(record, index) ?? this.unreadable(index)));
      index++;
    }
    if (index <= to) this.missing(index);
  }

  /** There is nothing where a block must be. */
  missing(index: number): never {
    throw this.db.damaged(`block ${index} is missing`);
  }
}
