import { expect, it } from 'vitest';
import { sha256 } from '../../src/chain/index.js';

it('sha256 gives the same 64 hex digits for text and for its UTF-8 bytes', () => {
  // FIPS 180-2, appendix B.1
  const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(sha256('abc')).toBe(expected);
  expect(sha256(Buffer.from('abc'))).toBe(expected);
  expect(sha256('é')).toBe(sha256(Uint8Array.of(0xc3, 0xa9)));
});
