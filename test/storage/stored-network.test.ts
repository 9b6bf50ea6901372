/** A directory tells which network's chain it holds. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Block, createNetwork, networkId } from '../../src/chain/index.js';
import { Directory, durableStore, storedNetwork } from '../../src/storage/index.js';
import { layout } from '../../src/storage/layout.js';
import { scratch } from '../helpers/scratch.js';

const genesis = new Block({ index: 1, timestamp: 5, transactions: [], proof: 7, previous_hash: 1 });
const OWN = createNetwork({ name: 'Room 7 é', difficulty: 2, genesis });

async function made(directory: string): Promise<void> {
  const store = durableStore(directory, OWN);
  await store.open();
  await store.close();
}

/** What is there, by name; but for what LevelDB says of itself. */
function filesIn(directory: string): Record<string, string> {
  const names = readdirSync(directory).filter((name) => !/^LOG(\.old)?$/.test(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(directory, name), 'latin1')]));
}

it('of a store that was closed it is the whole network, by which it opens again', async () => {
  const directory = scratch();
  await made(directory);
  const found = await storedNetwork(directory);
  expect(found && networkId(found)).toBe(networkId(OWN));
  expect(found?.genesis.hash).toBe(genesis.hash);
  const store = durableStore(directory, found!);
  await store.open();
  await store.close();
});

it('of a place without a chain it is none, and nothing is made there', async () => {
  const root = scratch();
  expect(await storedNetwork(join(root, 'none'))).toBe(undefined);
  mkdirSync(join(root, 'empty'));
  writeFileSync(join(root, 'empty', 'other'), '');
  expect(await storedNetwork(join(root, 'empty'))).toBe(undefined);
  expect(readdirSync(root)).toEqual(['empty']);
  expect(readdirSync(join(root, 'empty'))).toEqual(['other']);
});

it('of a store that is in use it is none, and no file of it is touched: whoever opens it is told', async () => {
  const directory = scratch();
  await made(directory);
  const store = durableStore(directory, OWN);
  await store.open();
  const before = filesIn(directory);
  expect(await storedNetwork(directory)).toBe(undefined);
  expect(filesIn(directory)).toEqual(before);
  await store.close();
});

it.each([
  ['another format', layout.version, '99'],
  ['no JSON for its network', layout.network, '{'],
  ['rules that nobody knows', layout.network, '{"difficulty": 2, "name": "x", "rules": "others"}'],
])('of a store with %s it is none', async (_, key, value) => {
  const directory = scratch();
  await made(directory);
  const level = await new Directory(directory).open();
  await level.put(key, Buffer.from(value));
  await level.close();
  expect(await storedNetwork(directory)).toBe(undefined);
});
