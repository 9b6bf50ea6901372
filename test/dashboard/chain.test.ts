/** The chain as a page keeps it: what is looked at, and no more. */
import { expect, it } from 'vitest';
import type { ShownBlock } from '../../src/dashboard/model/block.js';
import { Chain } from '../../src/dashboard/model/chain.js';

/** Some screens full in each direction of what is looked at, and what is just between two. */
const MOST_KEPT = 1_001;

function block(index: number): ShownBlock {
  return {
    index,
    hash: `hash ${index}`,
    previousHash: `hash ${index - 1}`,
    proof: 0,
    time: 0,
    transactions: [],
    miner: undefined,
    text: '',
  };
}

it('keeps no more blocks than before while it grows and nobody looks', () => {
  const chain = new Chain(() => {});
  chain.setHead({ length: 1, hash: 'hash 1' });
  const last = 5_000;
  for (let index = 2; index <= last; index++) expect(chain.append(block(index))).toBe(true);
  const kept = Array.from({ length: last }, (_, at) => chain.at(at + 1)).filter(Boolean);
  expect(kept.length).toBeLessThanOrEqual(MOST_KEPT);
  expect(chain.head).toEqual({ length: last, hash: `hash ${last}` });
});
