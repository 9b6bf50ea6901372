/** How an open block stands to a chain that has changed since it was opened. */
import { expect, it } from 'vitest';
import type { ShownBlock } from '../../src/dashboard/model/block.js';
import type { BesideBlock } from '../../src/dashboard/model/branches.js';
import { type Standing, standingOf } from '../../src/dashboard/model/standing.js';

const LENGTH = 5;

function block(index: number, hash: string): ShownBlock {
  return { index, hash, previousHash: '', proof: 0, time: 0, transactions: [], miner: undefined, text: '' };
}

function beside(shown: ShownBlock, fate: BesideBlock['fate']): BesideBlock {
  return { block: shown, fate, at: '', from: null, lane: 1, parentLane: 0 };
}

const open = block(LENGTH, 'open');
const lost = beside(open, 'beside');
const replaced = beside(open, 'replaced');

interface Case {
  /** The block of our chain at the place of the open one, as far as it was fetched. */
  readonly ours?: ShownBlock;
  readonly length?: number;
  readonly branches?: readonly BesideBlock[];
  readonly opened?: BesideBlock;
  readonly tied?: string;
}

it.each<[string, Case, Standing]>([
  ['is in the chain', { ours: open }, 'chain'],
  ['is in the chain, which was not fetched so far', {}, 'chain'],
  ['was beside it, and has won', { ours: open, opened: lost }, 'chain'],
  [
    'was beside it, and has won, which the branches do not know yet',
    { ours: open, branches: [lost] },
    'chain',
  ],
  ['was in it, and was replaced', { ours: block(LENGTH, 'other'), branches: [replaced] }, 'replaced'],
  [
    'was in it, and was replaced, which the branches do not know',
    { ours: block(LENGTH, 'other') },
    'replaced',
  ],
  ['was beside it, and is', { ours: block(LENGTH, 'other'), branches: [lost], opened: lost }, 'beside'],
  ['is tied', { ours: block(LENGTH, 'other'), branches: [lost], tied: 'open' }, 'tied'],
  ['was tied, and has won', { ours: open, branches: [lost], tied: 'open' }, 'chain'],
  ['was beside it, and is forgotten', { ours: block(LENGTH, 'other'), opened: lost }, 'beside'],
  ['was beside it, then in it, and was replaced', { branches: [replaced], opened: lost }, 'replaced'],
  ['was in it, and it is shorter now', { length: LENGTH - 1 }, 'gone'],
  ['was in it, and it is shorter now, beside it', { length: LENGTH - 1, branches: [replaced] }, 'replaced'],
])('%s', (_, { ours, length = LENGTH, branches = [], opened, tied = '' }, standing) => {
  const chain = { length, at: (index: number) => (index === LENGTH ? ours : undefined) };
  expect(standingOf(open, opened, { chain, branches, tied: new Set([tied]) })).toBe(standing);
});
