import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validProof } from '../../src/chain/proof.js';
import { PROOF_END, search } from '../../src/mining/search.js';

const lastProofs = fc.maxSafeNat();
const difficulties = fc.integer({ min: 0, max: 3 });

describe('search', () => {
  it.each([
    [100, 35293],
    [35293, 35089],
    [35089, 119678],
  ])('finds the proof of the tutorial after %i: %i', (lastProof, proof) => {
    expect(search(lastProof, 4, 0, 200_000)).toBe(proof);
  });

  it('finds the smallest proof that the rules hold valid, and none below it', () => {
    fc.assert(
      fc.property(
        lastProofs,
        difficulties,
        fc.nat(1000),
        fc.nat(2000),
        (lastProof, difficulty, from, count) => {
          let smallest: number | undefined;
          for (let p = from; p < from + count && smallest === undefined; p++) {
            if (validProof(lastProof, p, difficulty)) smallest = p;
          }
          expect(search(lastProof, difficulty, from, from + count)).toBe(smallest);
        },
      ),
    );
  });

  it('finds the same over a range as over its two parts', () => {
    fc.assert(
      fc.property(lastProofs, difficulties, fc.nat(3000), fc.nat(3000), (lastProof, difficulty, a, b) => {
        const [middle, end] = a < b ? [a, b] : [b, a];
        const parts = search(lastProof, difficulty, 0, middle) ?? search(lastProof, difficulty, middle, end);
        expect(parts).toBe(search(lastProof, difficulty, 0, end));
      }),
    );
  });

  it('tries every length of proof, across each power of ten and up to the last, 2^53 - 1', () => {
    const ends = Array.from({ length: 15 }, (_, i) => 10 ** (i + 1) + 300).concat(PROOF_END);
    for (const to of ends) {
      const from = Math.max(to - 600, 0);
      const found = search(Number.MAX_SAFE_INTEGER, 1, from, to);
      expect(found).toBeGreaterThanOrEqual(from);
      expect(validProof(Number.MAX_SAFE_INTEGER, found ?? -1, 1)).toBe(true);
    }
    expect(search(7, 0, PROOF_END - 1, PROOF_END)).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('finds nothing in an empty range', () => {
    expect(search(100, 0, 5, 5)).toBeUndefined();
    expect(search(100, 0, 6, 5)).toBeUndefined();
  });

  it.each([
    ['lastProof', [-1, 4, 0, 1]],
    ['lastProof', [1.5, 4, 0, 1]],
    ['lastProof', [PROOF_END, 4, 0, 1]],
    ['difficulty', [1, -1, 0, 1]],
    ['difficulty', [1, 17, 0, 1]],
    ['difficulty', [1, Number.NaN, 0, 1]],
    ['from', [1, 4, -1, 1]],
    ['to', [1, 4, 0, PROOF_END + 2]],
  ] as [string, [number, number, number, number]][])(
    'refuses a %s out of its range by name: %j',
    (name, args) => {
      expect(() => search(...args)).toThrow(new RegExp(`^${name} must be an integer`));
      expect(() => search(...args)).toThrow(RangeError);
    },
  );
});
