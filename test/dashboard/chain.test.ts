/** The chain as a page keeps it: what is looked at, and no more. */
import { expect, it } from 'vitest';
import type { ShownBlock } from '../../src/dashboard/model/block.js';
import { Chain } from '../../src/dashboard/model/chain.js';

/** Some screens full in each direction of what is looked at, and what is just between two. */
const MOST_KEPT = 1_001;

function block(index: number, text = ''): ShownBlock {
  return {
    index,
    hash: `hash ${index}`,
    previousHash: `hash ${index - 1}`,
    proof: 0,
    time: 0,
    transactions: [],
    miner: undefined,
    text,
  };
}

it('keeps 32 MiB of text, that which is nearest to what is looked at', () => {
  const chain = new Chain(() => {});
  chain.setHead({ length: 1, hash: 'hash 1' });
  chain.want(40, 42);
  const text = 'x'.repeat(1 << 20);
  for (let index = 2; index <= 80; index++) chain.append(block(index, text));
  const kept = Array.from({ length: 80 }, (_, at) => at + 1).filter((index) => chain.at(index));
  expect(kept).toHaveLength(32);
  expect(kept).toEqual(expect.arrayContaining([40, 41, 42]));
  expect(Math.max(...kept.map((index) => Math.abs(index - 41)))).toBeLessThanOrEqual(16);
});

it('keeps what is looked at, however large it is', () => {
  const chain = new Chain(() => {});
  chain.setHead({ length: 1, hash: 'hash 1' });
  chain.want(2, 40);
  for (let index = 2; index <= 50; index++) chain.append(block(index, 'x'.repeat(1 << 20)));
  const kept = Array.from({ length: 50 }, (_, at) => at + 1).filter((index) => chain.at(index));
  expect(kept).toEqual(Array.from({ length: 39 }, (_, at) => at + 2));
});

it('keeps no more blocks than before while it grows and nobody looks', () => {
  const chain = new Chain(() => {});
  chain.setHead({ length: 1, hash: 'hash 1' });
  const last = 5_000;
  for (let index = 2; index <= last; index++) expect(chain.append(block(index))).toBe(true);
  const kept = Array.from({ length: last }, (_, at) => chain.at(at + 1)).filter(Boolean);
  expect(kept.length).toBeLessThanOrEqual(MOST_KEPT);
  expect(chain.head).toEqual({ length: last, hash: `hash ${last}` });
});
