import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { validProof } from '../../src/chain/proof.js';
import { PROOF_END, search } from '../../src/mining/search.js';
import { fastestSearch, simdSearch } from '../../src/mining/simd-search.js';

/** Numbers below 2^53 of every length alike, not nearly all of the longest. */
const ofAnyLength = fc
  .tuple(fc.integer({ min: 0, max: 16 }), fc.maxSafeNat())
  .map(([digits, n]) => (digits === 16 ? n : n % 10 ** digits));
/** Where a digit more begins: 9 to 10, 99 to 100 …; and the last proof of all. */
const rollOvers = fc.constantFrom(...Array.from({ length: 15 }, (_, i) => 10 ** (i + 1)), PROOF_END);

afterEach(() => vi.unstubAllGlobals());

describe('the search of four proofs at a time', () => {
  const simd = simdSearch()!;

  const expectSame = (lastProof: number, difficulty: number, from: number, to: number) => {
    const range = [lastProof, difficulty, from, Math.min(to, PROOF_END)] as const;
    expect(simd(...range), `search(${range})`).toBe(search(...range));
  };

  it.each([
    [100, 35293],
    [35293, 35089],
    [35089, 119678],
  ])('finds the proof of the tutorial after %i: %i', (lastProof, proof) => {
    expect(simd(lastProof, 4, 0, 200_000)).toBe(proof);
  });

  it('finds from the default genesis what repeats with period 61 from block 48 on, and not before', () => {
    const proofs: number[] = [0, 100]; // by the index of their block
    while (proofs.length <= 48 + 3 * 61) proofs.push(simd(proofs.at(-1)!, 4, 0, 10_000_000)!);
    const isRepeated = (index: number, period: number) => proofs[index] === proofs[index + period];
    for (let index = 48; index <= 48 + 2 * 61; index++) expect(isRepeated(index, 61), `${index}`).toBe(true);
    expect(isRepeated(47, 61)).toBe(false);
    for (let period = 1; period < 61; period++) expect(isRepeated(48, period), `${period}`).toBe(false);
  });

  it('finds what the plain search finds: any last proof, any range', () => {
    const difficulties = fc.integer({ min: 0, max: 4 });
    fc.assert(
      fc.property(
        ofAnyLength,
        difficulties,
        ofAnyLength,
        fc.nat(1000),
        (lastProof, difficulty, from, count) => expectSame(lastProof, difficulty, from, from + count),
      ),
      { numRuns: 1500 },
    );
  });

  it('finds the same across every roll-over of the digits, up to the last proof', () => {
    const difficulties = fc.integer({ min: 1, max: 3 });
    fc.assert(
      fc.property(
        ofAnyLength,
        difficulties,
        rollOvers,
        fc.nat(300),
        fc.nat(600),
        (lastProof, difficulty, turn, before, count) => {
          const from = Math.max(turn - before, 0);
          expectSame(lastProof, difficulty, from, from + count);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('finds the same after last proofs of nines, which a carry too many would change', () => {
    for (let digits = 1; digits <= 15; digits++) {
      const nines = 10 ** digits - 1;
      for (let length = 1; length <= 15; length++) {
        const turn = 10 ** length;
        for (const difficulty of [1, 2]) expectSame(nines, difficulty, Math.max(turn - 150, 0), turn + 150);
      }
    }
  });

  it('finds every hit of a range, one after the other, wherever it starts', () => {
    fc.assert(
      fc.property(ofAnyLength, fc.integer({ min: 10_000, max: 10 ** 9 }), (lastProof, start) => {
        for (let from = start; from < start + 150; from++) expectSame(lastProof, 2, from, start + 150);
      }),
      { numRuns: 20 },
    );
  });

  it('finds the smallest proof at difficulties 5 and 6, from random last proofs', () => {
    for (const difficulty of [5, 6]) {
      const lastProof = Math.floor(Math.random() * PROOF_END);
      const proof = simd(lastProof, difficulty, 0, 2 ** 31)!;
      expect(validProof(lastProof, proof, difficulty), `${proof} after ${lastProof}`).toBe(true);
      // Below it there is none: a search of all of that would take the plain one long, so of its end.
      expect(search(lastProof, difficulty, Math.max(proof - 50_000, 0), proof)).toBeUndefined();
    }
  });

  // The first proof from 10^9 on that has eight zeros after this one: found by another program, in C.
  const [LAST, EIGHT_ZEROS] = [Number.MAX_SAFE_INTEGER, 7_004_659_925];

  it.each([5, 6, 7, 8])('finds a proof of eight zeros at difficulty %i', (difficulty) => {
    expect(simd(LAST, difficulty, EIGHT_ZEROS - 1000, EIGHT_ZEROS + 1000)).toBe(EIGHT_ZEROS);
    expect(simd(LAST, difficulty, EIGHT_ZEROS - 1000, EIGHT_ZEROS)).toBeUndefined();
  });

  it.each([9, 16])('does not take it for one of difficulty %i', (difficulty) => {
    expect(simd(LAST, difficulty, EIGHT_ZEROS - 1000, EIGHT_ZEROS + 1000)).toBeUndefined();
  });

  it('goes on after each proof that has eight zeros but not all', () => {
    const asked: number[] = [];
    const every = (_length: number, skip: number) => {
      asked.push(skip);
      return skip; // says that the first proof it is given has eight zeros
    };
    vi.stubGlobal('WebAssembly', {
      validate: () => true,
      Module: class {},
      Instance: class {
        exports = { memory: { buffer: new ArrayBuffer(64) }, search: every };
      },
    });
    expect(simdSearch()!(LAST, 9, 1010, 1050)).toBeUndefined();
    expect(asked).toEqual(Array.from({ length: 40 }, (_, i) => 10 + i));
  });

  it('takes a range of any length', () => {
    for (const from of [10 ** 10, 10 ** 12, 10 ** 15]) expectSame(100, 3, from, PROOF_END);
  });

  it('takes ranges that are empty, and refuses what the plain search refuses', () => {
    expect(simd(100, 0, 500_000, 500_000)).toBeUndefined();
    expect(simd(100, 0, 500_001, 500_000)).toBeUndefined();
    expect(() => simd(-1, 4, 0, 1)).toThrow(RangeError);
    expect(() => simd(1, 17, 0, 1)).toThrow(RangeError);
    expect(() => simd(1, 4, 0.5, 1)).toThrow(RangeError);
    expect(() => simd(1, 4, 0, PROOF_END + 2)).toThrow(RangeError);
  });
});

describe('the fastest search', () => {
  it('is the one of four proofs at a time where WebAssembly has vectors', () => {
    expect(fastestSearch()).not.toBe(search);
  });

  it('is the plain one where it has none', () => {
    vi.stubGlobal('WebAssembly', { validate: () => false });
    expect(fastestSearch()).toBe(search);
  });

  it('is the plain one where the system gives WebAssembly no memory', () => {
    const Instance = class {
      constructor() {
        throw new RangeError(
          'WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance',
        );
      }
    };
    vi.stubGlobal('WebAssembly', { validate: () => true, Module: class {}, Instance });
    expect(fastestSearch()).toBe(search);
  });

  it('is the plain one where there is no WebAssembly at all', () => {
    vi.stubGlobal('WebAssembly', undefined);
    expect(fastestSearch()).toBe(search);
  });
});
