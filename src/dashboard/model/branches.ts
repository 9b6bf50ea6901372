/** The losing branches, each laid into a lane beside the chain, from where it forked. */
import type { BranchBlock } from '../node/answers.js';
import { type ShownBlock, shownBlock } from './block.js';

export interface BesideBlock {
  readonly block: ShownBlock;
  readonly fate: 'replaced' | 'beside';
  readonly at: string;
  readonly from: string | null;
  /** 1 is the lane next to the chain, which is 0. */
  readonly lane: number;
  /** The lane of the block before it. */
  readonly parentLane: number;
}

/** `tied`: beside our chain, in one that is as long, so that the next block decides. */
export type Fate = BesideBlock['fate'] | 'tied';

/** @param tied hashes of the blocks that are */
export function fateOf({ block, fate }: BesideBlock, tied: ReadonlySet<string>): Fate {
  return fate === 'beside' && tied.has(block.hash) ? 'tied' : fate;
}

/** Hashes of these heads of chains as long as ours, and of the blocks before each down to where its chain forked. */
export function tiedBlocks(heads: readonly string[], branches: readonly BesideBlock[]): Set<string> {
  const beside = new Map(branches.map(({ block }) => [block.hash, block]));
  const tied = new Set(heads);
  // What is added here is come to in its turn.
  for (const hash of tied) {
    const before = beside.get(hash)?.previousHash;
    if (before !== undefined && beside.has(before)) tied.add(before);
  }
  return tied;
}

/** @param answers by index */
export function layOut(answers: readonly BranchBlock[]): BesideBlock[] {
  const placed = new Map<string, BesideBlock>();
  /** The last index that each lane is taken up to. */
  const ends: number[] = [];
  const grown = new Set<string>();
  for (const { hash, block: fields, fate, at, from } of answers) {
    const block = shownBlock(fields);
    const parent = placed.get(block.previousHash);
    let lane = parent?.lane;
    if (lane === undefined || grown.has(block.previousHash)) {
      const free = ends.findIndex((end) => end < block.index - 1);
      lane = (free === -1 ? ends.length : free) + 1;
    }
    grown.add(block.previousHash);
    ends[lane - 1] = block.index;
    placed.set(hash, { block, fate, at, from, lane, parentLane: parent?.lane ?? 0 });
  }
  return [...placed.values()];
}
