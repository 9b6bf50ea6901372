import { describe, expect, it } from 'vitest';
import { MAX_DIFFICULTY, validProof } from '../../src/chain/index.js';
import { smallestProof } from '../helpers/chains.js';

describe('validProof', () => {
  it.each([
    [100, 35293],
    [35293, 35089],
    [35089, 119678],
  ])(
    "after proof %i takes the tutorial's proof %i at difficulty 4, and it is the smallest",
    (last, proof) => {
      expect(validProof(last, proof, 4)).toBe(true);
      expect(smallestProof(last, 4)).toBe(proof);
    },
  );

  it('refuses a proof whose hash has a zero too few', () => {
    expect(validProof(100, 35293, 5)).toBe(false);
    expect(validProof(100, 35294, 4)).toBe(false);
  });

  it('hashes the decimal digits of both proofs, one after the other', () => {
    expect(validProof(10035, 293, 4)).toBe(validProof(100, 35293, 4));
    expect(validProof(0, 0, 1)).toBe(false);
  });

  it('takes any proof at difficulty 0, the largest one too', () => {
    expect(validProof(0, 0, 0)).toBe(true);
    expect(validProof(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 0)).toBe(true);
  });

  it('asks for as many zeros as the difficulty, and for no half one', () => {
    const proof = smallestProof(0, 2);
    expect(validProof(0, proof, 1)).toBe(true);
    expect(validProof(0, proof, 2)).toBe(true);
    expect(validProof(0, proof, MAX_DIFFICULTY)).toBe(false);
  });
});
