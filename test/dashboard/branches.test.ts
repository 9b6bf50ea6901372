/** The blocks beside the chain: which of them may still win. */
import { expect, it } from 'vitest';
import type { Block } from '../../src/chain/index.js';
import { parseJson } from '../../src/chain/json.js';
import { fateOf, layOut, tiedBlocks } from '../../src/dashboard/model/branches.js';
import type { BlockFields, BranchBlock } from '../../src/dashboard/node/answers.js';
import { extend, testNetwork } from '../helpers/chains.js';

const { genesis } = testNetwork();
const [, two, three] = extend([genesis], 2, { miner: 'bob' });
const [, rival] = extend([genesis], 1, { miner: 'carol' });

/** As the page reads it. */
function answer({ hash, bytes }: Block, fate: BranchBlock['fate'] = 'beside'): BranchBlock {
  const block = parseJson(Buffer.from(bytes).toString('latin1')) as unknown as BlockFields;
  return { hash, block, fate, at: '', from: null };
}

it('of a tie are all in a chain as long as ours, whatever else is beside it', () => {
  const branches = layOut([answer(two!), answer(rival!), answer(three!)]);
  const tied = tiedBlocks([three!.hash], branches);
  expect(branches.map((beside) => [beside.block.hash, fateOf(beside, tied)])).toEqual([
    [two!.hash, 'tied'],
    [rival!.hash, 'beside'],
    [three!.hash, 'tied'],
  ]);
  expect(tied).not.toContain(genesis.hash);
});

it('of a tie may also be one that was replaced: it says so, and what follows it says the rest', () => {
  const branches = layOut([answer(two!, 'replaced'), answer(three!)]);
  const tied = tiedBlocks([three!.hash], branches);
  expect(branches.map((beside) => fateOf(beside, tied))).toEqual(['replaced', 'tied']);
});

it('are of no tie once it is decided', () => {
  const [beside] = layOut([answer(two!)]);
  expect(fateOf(beside!, tiedBlocks([], [beside!]))).toBe('beside');
});
