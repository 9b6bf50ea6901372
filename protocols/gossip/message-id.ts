import { createHash } from 'node:crypto';

/** A message's id: the SHA-256 of its payload, so that the same thing from two nodes travels once. */
export function messageId(payload: Uint8Array): Uint8Array {
  return createHash('sha256').update(payload).digest();
}
