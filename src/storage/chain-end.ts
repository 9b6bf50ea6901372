/** Where our chain ends, and what is written when blocks follow. */
import type { Block } from '../chain/index.js';
import type { Change, Database } from './database.js';
import { isDamage, misuse } from './errors.js';
import { layout } from './layout.js';
import { type Marked, UNREADABLE } from './mark.js';
import { Pages } from './pages.js';
import { HASH_BYTES, type Tip } from './records.js';
import { type Before, beforeRun, isWhole, type Run, recordsIn, runRecord, runsOf } from './run.js';
import { Runs } from './runs.js';
import { wholeBlock } from './stored-block.js';

/** Unchanging. What follows it can be added only once (see {@link Pages}). */
export class ChainEnd {
  private constructor(
    readonly tip: Tip,
    readonly pages: Pages,
  ) {}

  /**
   * The end of what is stored, or of its part up to the block of this index.
   *
   * @param known pages of a chain that is longer, of which those up to there need not be read
   * @throws StorageError `damaged`
   */
  static async load(db: Database, pageBlocks: number, index?: number, known?: Pages): Promise<ChainEnd> {
    const runs = new Runs(db);
    const run = index === undefined ? await runs.last() : await runs.at(index);
    if (!isWhole(run)) throw db.damaged(`the blocks from ${run.first} on are not what was stored`);
    const before = beforeRun(run);
    const tip = tipIn(run, before, index);
    if (tip === undefined) throw db.damaged('its head is not what was stored');
    if (index !== undefined && index !== tip.length) runs.missing(index);
    const pages = known?.upTo(tip.length) ?? (await Pages.load(db, before.paged, pageBlocks));
    return new ChainEnd(tip, pages.with(await markedFrom(runs, pages.next, tip.length)));
  }

  /** The end when these blocks have followed, and what is to be written for it. @throws StorageError `misuse` if they do not follow */
  with(blocks: readonly Block[]): { end: ChainEnd; changes: Change[] } {
    let { tip, pages } = this;
    const changes: Change[] = [];
    for (const run of runsOf(blocks)) {
      const turned = pages.turned();
      changes.push(...turned.changes);
      const before = { bytes: tip.bytes, paged: turned.pages.last };
      changes.push({ type: 'put', key: layout.run(tip.length + 1), value: runRecord(run, before) });
      for (const block of run) tip = tipAfter(tip, block);
      pages = turned.pages.with(run);
    }
    return { end: new ChainEnd(tip, pages), changes };
  }
}

function tipIn(run: Run, before: Before, index = Infinity): Tip | undefined {
  let { bytes } = before;
  let length = run.first - 1;
  let last: Buffer | undefined;
  for (const record of recordsIn(run, run.first, index)) {
    bytes += record.length - HASH_BYTES;
    length++;
    last = record;
  }
  const block = last && wholeBlock(last, length);
  return block && { length, hash: block.hash, proof: block.proof, bytes };
}

/** The blocks from one index to another, by what finds them. One that is not what was stored is not found, and that is told. */
async function markedFrom(runs: Runs, from: number, to: number): Promise<Marked[]> {
  const blocks = Array<Marked>(to - from + 1).fill(UNREADABLE);
  try {
    for await (const records of runs.records(from, to))
      for (const [index, record] of records) blocks[index - from] = wholeBlock(record, index) ?? UNREADABLE;
    const lost = blocks.indexOf(UNREADABLE);
    if (lost !== -1) runs.unreadable(from + lost);
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  return blocks;
}

/**
 * The tip after one block more.
 *
 * @throws StorageError `misuse` if the block does not follow
 */
export function tipAfter(tip: Tip, { index, hash, proof, previous_hash, bytes }: Block): Tip {
  if (index !== tip.length + 1 || previous_hash !== tip.hash)
    throw misuse(`block ${index} (${hash}) does not follow block ${tip.length} (${tip.hash})`);
  return { length: index, hash, proof, bytes: tip.bytes + bytes.length };
}
