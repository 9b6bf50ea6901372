/** SHA-256 in hex: the hash of blocks, the id of transactions and networks. */
import { hash } from 'node:crypto';

/** @returns 64 lowercase hex digits */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}
