/** Hashes in the page: computed, shortened, and given a colour each. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** SHA-256 in hex. The browser's own works on pages of https and localhost only. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** The two hues of a hash, 0 to 359 each: equal hashes look alike, and others hardly ever do. */
export function huesOf(hash: string): [number, number] {
  const digits = sha256Hex(hash);
  const hue = (from: number) => Number.parseInt(digits.slice(from, from + 6), 16) % 360;
  return [hue(0), hue(6)];
}

/** The first block names no block before it, but the number 1. */
export function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** A few digits are enough to recognise a hash by. */
export function shortHash(hash: string): string {
  return hash.length > 12 ? `${hash.slice(0, 8)}…` : hash;
}
