import { expect, it } from 'vitest';
import { FORMAT_VERSION, layout } from '../../src/storage/layout.js';

it('the keys of format 4 stay what they are: a change of them is a new format', () => {
  const id = 'ab'.repeat(32);
  expect(FORMAT_VERSION).toBe(4);
  expect([layout.version, layout.network, layout.adoption]).toEqual([
    'meta/version',
    'meta/network',
    'meta/adoption',
  ]);
  expect(layout.run(255)).toBe('run/000000000000ff');
  expect(layout.run(Number.MAX_SAFE_INTEGER)).toBe('run/1fffffffffffff');
  expect(layout.page(255)).toBe('run/000000000000ff/page');
  expect(layout.pending(id)).toBe(`pending/${id}`);
  expect(layout.branchBlock('7', 16)).toBe('branch/7/block/00000000000010');
  expect(layout.branchTransaction('7', id)).toBe(`branch/7/tx/${id.slice(0, 32)}`);
  expect(layout.replaced(10)).toBe('replaced/0000000000000a');
  expect(layout.numberIn(layout.replaced(123_456))).toBe(123_456);
});

it('what is written of a chain comes in the order of its keys, so that LevelDB need never write it anew', () => {
  const written = [layout.run(1), layout.run(200), layout.page(255), layout.run(256), layout.run(4_096)];
  expect(written.toSorted()).toEqual(written);
  expect(written.filter(layout.isPage)).toEqual([layout.page(255)]);
  const others = [
    layout.version,
    layout.network,
    layout.adoption,
    layout.pending('f'.repeat(64)),
    layout.branchBlock('9', 1),
    layout.branchTransaction('9', 'f'.repeat(64)),
    layout.replaced(Number.MAX_SAFE_INTEGER),
  ];
  for (const key of others) expect(key < layout.run(1)).toBe(true);
});

it('a range holds what is in it and nothing of its neighbours', () => {
  const { gte, lt } = layout.branch('1');
  const inside = [layout.branchBlock('1', 0), layout.branchTransaction('1', 'f'.repeat(64))];
  const outside = [layout.branchBlock('10', 0), layout.branchBlock('2', 0), layout.branchBlock('0', 9)];
  for (const key of inside) expect(key >= gte && key < lt).toBe(true);
  for (const key of outside) expect(key >= gte && key < lt).toBe(false);
});
