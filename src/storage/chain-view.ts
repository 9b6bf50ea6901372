/** Our chain, its indexes and the pending transactions as they are at one moment: what readers read. */
import { type Block, GENESIS_INDEX, InvalidBlock, type PendingTransaction } from '../chain/index.js';
import type { ReplacedBlock } from './block-store.js';
import type { Database, Snapshot } from './database.js';
import { StorageError } from './errors.js';
import { candidatesIn, pagesWith, RecentHashes } from './hash-pages.js';
import { layout } from './layout.js';
import { bytesOf, hashOf, numberOf, pendingOf, replacedOf, type Tip } from './records.js';
import { isWhole, type Run, recordIn, recordsIn } from './run.js';
import { wholeBlock, wholeBytes } from './stored-block.js';

/** This many replaced blocks are kept. */
export const REPLACED_KEPT = 100;
/** And of these so many bytes are read back, the newest: a block can have 1 MiB, and the dashboard asks for them ever so often. */
export const REPLACED_READ_BYTES = 4 << 20;

/** A run, and which of its blocks are not hidden by a later one. */
interface Span {
  readonly run: Run;
  readonly from: number;
  readonly to: number;
}

export class ChainView {
  #holders = 1;

  /**
   * @param tip what lies beyond it, of a change that is not finished, is not seen
   * @param recent the hashes that no page has yet
   * @param snapshot none: what is stored now, which is all that is needed as long as our chain only grows
   */
  constructor(
    private readonly db: Database,
    readonly tip: Tip,
    readonly recent: RecentHashes,
    private readonly snapshot?: Snapshot,
  ) {}

  /** The chain up to this tip, as it is stored now. */
  static async load(db: Database, tip: Tip, pageBlocks: number): Promise<ChainView> {
    const none = RecentHashes.of(tip.length, pageBlocks);
    const hashes = await new ChainView(db, tip, none).#hashes(none.next);
    return new ChainView(db, tip, none.with(hashes).recent);
  }

  /** The same view, never to change; to be released. */
  pin(): ChainView {
    if (this.snapshot === undefined) return new ChainView(this.db, this.tip, this.recent, this.db.snapshot());
    return this.hold();
  }

  /** As it is: with its snapshot, if it has one, until it is released as often as it is held. */
  hold(): this {
    this.#holders++;
    return this;
  }

  async release(): Promise<void> {
    this.#holders--;
    if (this.#holders === 0) await this.snapshot?.close();
  }

  async blockAt(index: number): Promise<Block | undefined> {
    const record = await this.#recordAt(index);
    return record && (wholeBlock(record, index) ?? this.#unreadable(index));
  }

  async hashAt(index: number): Promise<string | undefined> {
    const record = await this.#recordAt(index);
    return record && hashOf(record);
  }

  async indexOf(hash: string): Promise<number | undefined> {
    const index = this.recent.indexOf(hash) ?? (await this.#inPages(hash));
    return index !== undefined && index <= this.tip.length ? index : undefined;
  }

  async locate(ids: readonly string[]): Promise<Map<string, number>> {
    const records = await this.db.getMany(ids.map(layout.transaction), this.snapshot);
    const found = new Map<string, number>();
    records.forEach((record, position) => {
      const index = record && this.#indexIn(record);
      if (index !== undefined && index <= this.tip.length) found.set(ids[position] as string, index);
    });
    return found;
  }

  /** The canonical bytes of the blocks from one index to another, both included, some at a time; to be asked for within the chain. */
  async *pieces(from: number, to: number): AsyncGenerator<Uint8Array[]> {
    for await (const spans of this.#spans(from, to)) {
      const blocks: Uint8Array[] = [];
      for (const span of spans) this.#read(span, blocks);
      if (blocks.length > 0) yield blocks;
    }
  }

  /** The runs that the blocks from one index to another stand in, some at a time. */
  async *#spans(from: number, to: number): AsyncGenerator<Span[]> {
    let run = await this.#runAt(from);
    let next = from;
    const later = { gt: layout.block(from), lte: layout.block(to) };
    for await (const entries of this.db.entries(later, this.snapshot)) {
      const spans: Span[] = [];
      for (const [key, record] of entries) {
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
      into.push(whole ? bytesOf(record) : (wholeBytes(record, index) ?? this.#unreadable(index)));
      index++;
    }
    if (index <= to) this.#missing(index);
  }

  /** The hashes from an index on. A block that cannot be read is not found by its hash; whoever reads it is told. */
  async #hashes(from: number): Promise<string[]> {
    const hashes = Array<string>(this.tip.length - from + 1).fill('');
    if (hashes.length === 0) return hashes;
    try {
      for await (const spans of this.#spans(from, this.tip.length))
        for (const span of spans) {
          let place = span.from - from;
          for (const record of recordsIn(span.run, span.from, span.to)) hashes[place++] = hashOf(record);
        }
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
    }
    return hashes;
  }

  async #inPages(hash: string): Promise<number | undefined> {
    for await (const entries of this.db.entries(pagesWith(hash), this.snapshot))
      for (const entry of entries)
        for (const index of candidatesIn(entry, hash, this.recent.pageBlocks))
          if ((await this.hashAt(index)) === hash) return index;
    return undefined;
  }

  async pending(): Promise<PendingTransaction[]> {
    const entries = [];
    for await (const record of this.db.values(layout.allPending, this.snapshot))
      entries.push(this.#readable(() => pendingOf(record)));
    entries.sort((a, b) => a.order - b.order);
    return entries.map(({ transaction, receivedAt, from }) => ({ transaction, receivedAt, from }));
  }

  async replaced(): Promise<ReplacedBlock[]> {
    const newestFirst = { ...layout.allReplaced, reverse: true, limit: REPLACED_KEPT };
    const blocks: ReplacedBlock[] = [];
    let bytes = 0;
    for await (const record of this.db.values(newestFirst, this.snapshot)) {
      bytes += record.length;
      if (bytes > REPLACED_READ_BYTES) break;
      blocks.push(this.#readable(() => replacedOf(record)));
    }
    return blocks;
  }

  /** @throws StorageError `damaged` where it must be there and is not */
  async #recordAt(index: number): Promise<Buffer | undefined> {
    if (!Number.isSafeInteger(index) || index < 1 || index > this.tip.length) return undefined;
    return recordIn(await this.#runAt(index), index) ?? this.#missing(index);
  }

  /** The run that has a block, if any has: the one that begins with it, or the last before. */
  async #runAt(index: number): Promise<Run> {
    const own = await this.db.get(layout.block(index), this.snapshot);
    if (own !== undefined) return { first: index, record: own };
    const before = { gte: layout.block(GENESIS_INDEX), lt: layout.block(index), reverse: true, limit: 1 };
    for await (const [entry] of this.db.entries(before, this.snapshot))
      if (entry !== undefined) return { first: layout.numberIn(entry[0]), record: entry[1] };
    return this.#missing(index);
  }

  #indexIn(record: Buffer): number {
    const index = numberOf(record);
    if (!Number.isSafeInteger(index) || index < 1) throw this.db.damaged('an index cannot be read');
    return index;
  }

  #missing(index: number): never {
    throw this.db.damaged(`block ${index} is missing`);
  }

  #unreadable(index: number): never {
    throw this.db.damaged(`block ${index} is not what was stored`);
  }

  #readable<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      const what =
        error instanceof InvalidBlock ? 'a replaced block cannot be read' : 'a transaction cannot be read';
      throw this.db.damaged(what, error);
    }
  }
}
