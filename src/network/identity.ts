import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys';
import type { Ed25519PrivateKey } from '@libp2p/interface';
import { wayOutOf } from '../open-files.js';
import { writeDurably } from './durable-file.js';
import { IdentityError } from './errors.js';

const FILE = 'key';

/** A key for a node that keeps nothing: a new identity each time. */
export function ephemeralKey(): Promise<Ed25519PrivateKey> {
  return generateKeyPair('Ed25519');
}

/**
 * This node's identity: the Ed25519 key in the file `key` (a libp2p protobuf private key), made when there is none.
 *
 * @param directory the data directory, which exists and is used by this process alone
 * @throws {IdentityError} the file is damaged, unreadable, or cannot be written
 */
export async function loadOrCreateKey(directory: string): Promise<Ed25519PrivateKey> {
  const file = join(directory, FILE);
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    const wayOut = wayOutOf(error.message, 'make the file readable for this user');
    const message = `cannot read this node's key ${file} (${error.code}): ${wayOut}`;
    throw new IdentityError('key-unreadable', file, message, { cause: error });
  });
  if (bytes !== undefined) return await decodeKey(bytes, file);
  const key = await ephemeralKey();
  await writeDurably(file, privateKeyToProtobuf(key)).catch((error: NodeJS.ErrnoException) => {
    const wayOut = wayOutOf(error.message, 'make the directory writable, or use another');
    const message = `cannot write this node's key ${file} (${error.code}): ${wayOut}`;
    throw new IdentityError('key-unwritable', file, message, { cause: error });
  });
  return key;
}

async function decodeKey(bytes: Uint8Array, file: string): Promise<Ed25519PrivateKey> {
  const damaged = (cause?: unknown) =>
    new IdentityError(
      'key-damaged',
      file,
      `the file ${file} does not hold an Ed25519 key: restore it from a backup, or delete it to get a new identity`,
      { cause },
    );
  try {
    const key = privateKeyFromProtobuf(bytes);
    if (key.type === 'Ed25519' && (await isWhole(key))) return key;
  } catch (error) {
    throw damaged(error);
  }
  throw damaged();
}

/** The file holds both halves: where a bit of one has flipped, nobody could verify what is signed. */
async function isWhole(key: Ed25519PrivateKey): Promise<boolean> {
  const message = new Uint8Array(32);
  return await key.publicKey.verify(message, await key.sign(message));
}
