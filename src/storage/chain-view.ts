/** Our chain, its indexes and the pending transactions as they are at one moment: what readers read. */
import { type Block, InvalidBlock, type PendingTransaction } from '../chain/index.js';
import { keepLatest } from '../keep-latest.js';
import type { ReplacedBlock } from './block-store.js';
import type { ChainEnd } from './chain-end.js';
import type { Database, Snapshot } from './database.js';
import { layout } from './layout.js';
import type { Candidate } from './page.js';
import { hashOf, pendingOf, replacedOf, type Tip } from './records.js';
import { Runs } from './runs.js';
import { wholeBlock } from './stored-block.js';

/** This many replaced blocks are kept. */
export const REPLACED_KEPT = 100;
/** And of these so many bytes are read back, the newest: a block can have 1 MiB, and the dashboard asks for them ever so often. */
export const REPLACED_READ_BYTES = 4 << 20;

/** Of so many blocks the ids are kept that were read last. */
const IDS_KEPT_BLOCKS = 4;
/** After so many hashes that begin as one of ours, by 36 bits, and are none, no other is looked for: each costs a look at the disk. */
const MOST_ALIKE = 4;

export class ChainView {
  readonly #runs: Runs;
  /** The ids of a few blocks, by their indexes. */
  readonly #ids = new Map<number, ReadonlySet<string>>();
  #holders = 1;
  #unread: (() => void) | undefined;

  /**
   * @param end what lies beyond it, of a change that is not finished, is not seen
   * @param snapshot none: what is stored now, which is all that is needed as long as our chain only grows
   */
  constructor(
    private readonly db: Database,
    readonly end: ChainEnd,
    private readonly snapshot?: Snapshot,
  ) {
    this.#runs = new Runs(db, snapshot);
  }

  get tip(): Tip {
    return this.end.tip;
  }

  /** The same view, never to change; to be released. */
  pin(): ChainView {
    if (this.snapshot === undefined) return new ChainView(this.db, this.end, this.db.snapshot());
    return this.hold();
  }

  /** As it is: with its snapshot, if it has one, until it is released as often as it is held. */
  hold(): this {
    this.#holders++;
    return this;
  }

  async release(): Promise<void> {
    this.#holders--;
    if (this.#holders === 1) this.#unread?.();
    if (this.#holders === 0) await this.snapshot?.close();
  }

  /** Resolves when nobody holds it but its owner. */
  async unread(): Promise<void> {
    if (this.#holders > 1)
      await new Promise<void>((resolve) => {
        this.#unread = resolve;
      });
  }

  async blockAt(index: number): Promise<Block | undefined> {
    const record = await this.#recordAt(index);
    return record && (wholeBlock(record, index) ?? this.#runs.unreadable(index));
  }

  async hashAt(index: number): Promise<string | undefined> {
    const record = await this.#recordAt(index);
    return record && hashOf(record);
  }

  async indexOf(hash: string): Promise<number | undefined> {
    return await this.#meant(await this.#candidates([hash]), hash);
  }

  async firstOf(hashes: readonly string[]): Promise<number | undefined> {
    let alike = 0;
    for (const hash of hashes) {
      if (this.end.pages.hasNot(hash)) continue;
      const candidates = await this.#candidates([hash]);
      const index = await this.#meant(candidates, hash);
      if (index !== undefined) return index;
      // Blocks of ours that a reorganisation took out are no candidates: who still has those goes on to what we share.
      if (candidates.length > 0) alike++;
      if (alike === MOST_ALIKE) break;
    }
    return undefined;
  }

  async locate(ids: readonly string[]): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    const asked = ids.filter((id) => !this.end.pages.hasNot(id));
    for (const { digest: id, index } of await this.#candidates(asked))
      if ((await this.#idsAt(index)).has(id)) found.set(id, index);
    return found;
  }

  /** The canonical bytes of the blocks from one index to another, both included, some at a time; to be asked for within the chain. */
  pieces(from: number, to: number): AsyncGenerator<Uint8Array[]> {
    return this.#runs.bytes(from, to);
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

  async #meant(candidates: readonly Candidate[], hash: string): Promise<number | undefined> {
    for (const { index } of candidates) if ((await this.hashAt(index)) === hash) return index;
    return undefined;
  }

  /** In the order of their indexes: who reads each block reads none twice. */
  async #candidates(digests: readonly string[]): Promise<Candidate[]> {
    const candidates = await this.end.pages.candidates(this.db, digests, this.snapshot);
    return candidates.filter(({ index }) => index <= this.tip.length).sort((a, b) => a.index - b.index);
  }

  /** A block full of payments takes milliseconds to be read, and many of its payments may be asked for, one after the other. */
  async #idsAt(index: number): Promise<ReadonlySet<string>> {
    const known = this.#ids.get(index);
    if (known !== undefined) return known;
    const ids = new Set((await this.blockAt(index))?.ids);
    keepLatest(this.#ids, index, ids, IDS_KEPT_BLOCKS);
    return ids;
  }

  /** @throws StorageError `damaged` where it must be there and is not */
  async #recordAt(index: number): Promise<Buffer | undefined> {
    if (!Number.isSafeInteger(index) || index < 1 || index > this.tip.length) return undefined;
    return await this.#runs.record(index);
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
