import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { networkId } from '../../../src/chain/index.js';
import { troubleOf } from '../../../src/node/diagnosis/storage-state.js';
import { storageState, unusedStorageState } from '../../../src/node/index.js';
import { durableStore, StorageError } from '../../../src/storage/index.js';
import { testNetwork } from '../../helpers/chains.js';
import { NETWORK, scratch, startNode } from '../support.js';

const ID = networkId(NETWORK);
const OTHER = testNetwork({ name: 'other' });

it('is told of the place where a directory would be made, which it does not make', async () => {
  const directory = join(scratch(), 'not', 'there');
  const { freeBytes, ...state } = await storageState(directory);
  expect(state).toEqual({ directory, writable: true });
  expect(freeBytes).toBeGreaterThan(0);
  expect(existsSync(directory)).toBe(false);
});

it('says that a place cannot be written to', async () => {
  expect(await storageState('/proc/1/gossipchain')).toMatchObject({ writable: false });
});

it('says that a file is no directory, nor a place for one', async () => {
  const file = join(scratch(), 'file');
  writeFileSync(file, '');
  for (const path of [file, join(file, 'below')])
    expect(await unusedStorageState(path, ID), path).toMatchObject({
      directory: path,
      trouble: 'no-directory',
    });
});

it('tells a write that failed for want of files from others: room on the disk would not help', () => {
  const failed = (reason: string) => troubleOf(new StorageError('not-writable', `cannot write (${reason})`));
  expect(failed('IO error: 000005.log: Too many open files')).toBe('too-many-files');
  expect(failed('IO error: 000005.log: No space left on device')).toBe('write-failed');
  expect(troubleOf(new StorageError('damaged', 'the chain is damaged'))).toBe('damaged');
});

describe('of a directory with a chain', () => {
  it('says whose chain it is', async () => {
    const directory = join(scratch(), 'data');
    const store = durableStore(join(directory, 'chain'), OTHER);
    await store.open();
    await store.close();
    expect(await unusedStorageState(directory, ID)).toMatchObject({ trouble: 'other-network' });
    expect(await unusedStorageState(directory, networkId(OTHER))).not.toHaveProperty('trouble');
  });

  it('says nothing of whose it is while a node uses it, which goes on', async () => {
    const directory = join(scratch(), 'data');
    const node = await startNode({ dataDir: directory });
    expect(await unusedStorageState(directory, networkId(OTHER))).not.toHaveProperty('trouble');
    await node.mine();
    expect(node.status().head.length).toBe(2);
  });

  it('says that it was removed under a node that runs, and made anew without its chain', async () => {
    const directory = join(scratch(), 'data');
    const node = await startNode({ dataDir: directory });
    expect((await node.diagnosis()).storage).not.toHaveProperty('trouble');
    rmSync(directory, { recursive: true });
    expect((await node.diagnosis()).storage).toMatchObject({ directory, trouble: 'gone' });
    mkdirSync(join(directory, 'chain'), { recursive: true });
    expect((await node.diagnosis()).storage).toMatchObject({ directory, trouble: 'gone' });
  });
});
