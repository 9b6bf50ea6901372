import { describe, expect, it } from 'vitest';
import { locatorIndexes } from '../../src/chain/index.js';

describe('locatorIndexes', () => {
  it.each([
    [1, [1]],
    [2, [2, 1]],
    [3, [3, 2, 1]],
    [4, [4, 3, 2, 1]],
    [20, [20, 19, 18, 16, 12, 4, 1]],
  ])('of a chain of %i blocks are %j', (length, indexes) => {
    expect(locatorIndexes(length)).toEqual(indexes);
  });

  it('run from the head to the genesis at distances that double, few of them however long the chain', () => {
    for (const length of [1, 2, 3, 17, 100, 1_000, 1_025, 123_456, 2 ** 31, 2 ** 40]) {
      const indexes = locatorIndexes(length);
      expect(indexes[0]).toBe(length);
      expect(indexes.at(-1)).toBe(1);
      expect(indexes.length).toBeLessThanOrEqual(Math.ceil(Math.log2(length)) + 3);
      for (let i = 1; i < indexes.length; i++) {
        expect(indexes[i]).toBeLessThan(indexes[i - 1]!);
        // so that the common block found is at most as far below the true one as that is below the head
        expect(length - indexes[i]!).toBeLessThanOrEqual(2 * Math.max(1, length - indexes[i - 1]!));
      }
    }
  });
});
