import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { networkId } from '../../../src/chain/index.js';
import { storageState, unusedStorageState } from '../../../src/node/index.js';
import { openLedger } from '../../../src/node/offline.js';
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

describe('of a directory with a chain', () => {
  /** What is there, by name. */
  function filesIn(directory: string): Record<string, string> {
    const files = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile());
    return Object.fromEntries(files.map(({ name }) => [name, readFileSync(join(directory, name), 'latin1')]));
  }

  it('says whose chain it is, and changes nothing there', async () => {
    const directory = join(scratch(), 'data');
    await (await openLedger(directory, OTHER))[Symbol.asyncDispose]();
    // Opened once more, it has its chain in a table.
    await (await openLedger(directory, OTHER))[Symbol.asyncDispose]();
    const before = filesIn(join(directory, 'chain'));
    expect(Object.keys(before)).toContainEqual(expect.stringMatching(/\.ldb$/));
    expect(await unusedStorageState(directory, ID)).toMatchObject({ trouble: 'other-network' });
    expect(await unusedStorageState(directory, networkId(OTHER))).not.toHaveProperty('trouble');
    expect(filesIn(join(directory, 'chain'))).toEqual(before);
  });

  it('says whose chain it is also while a node uses it', async () => {
    const directory = join(scratch(), 'data');
    const node = await startNode({ dataDir: directory });
    expect(await unusedStorageState(directory, networkId(OTHER))).toMatchObject({ trouble: 'other-network' });
    expect(await unusedStorageState(directory, ID)).not.toHaveProperty('trouble');
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
