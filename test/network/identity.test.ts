import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPair, privateKeyToProtobuf } from '@libp2p/crypto/keys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IdentityError } from '../../src/network/errors.js';
import { ephemeralKey, loadOrCreateKey } from '../../src/network/identity.js';

describe("a node's identity", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gossipchain-key-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  it('is made once and is the same at every start', async () => {
    const first = await loadOrCreateKey(directory);
    const second = await loadOrCreateKey(directory);
    expect(second.equals(first)).toBe(true);
    expect(await readdir(directory)).toEqual(['key']);
  });

  it.skipIf(process.platform === 'win32')('is for this user alone to read', async () => {
    await loadOrCreateKey(directory);
    expect((await stat(join(directory, 'key'))).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['an empty file', async () => new Uint8Array()],
    ['half a key', async () => privateKeyToProtobuf(await ephemeralKey()).subarray(0, 30)],
    ['noise', async () => new Uint8Array(100).fill(0xff)],
    ['a key of another kind', async () => privateKeyToProtobuf(await generateKeyPair('secp256k1'))],
  ])('is refused when damaged (%s), naming the file and the way out', async (_, content) => {
    await writeFile(join(directory, 'key'), await content());
    const error = await loadOrCreateKey(directory).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(IdentityError);
    expect(error).toMatchObject({ code: 'key-damaged', file: join(directory, 'key') });
    expect((error as Error).message).toMatch(/delete it/);
  });

  it('is refused when the directory cannot be written', async () => {
    const missing = join(directory, 'missing');
    await expect(loadOrCreateKey(missing)).rejects.toMatchObject({ code: 'key-unwritable' });
  });

  it('is another each time for a node that keeps nothing', async () => {
    expect((await ephemeralKey()).equals(await ephemeralKey())).toBe(false);
  });
});
