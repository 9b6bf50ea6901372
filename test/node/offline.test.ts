import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLedger } from '../../src/node/offline.js';
import { extend } from '../helpers/chains.js';
import { NETWORK, scratch } from './support.js';

it('a directory that was made for a chain of which no block came is gone again, with those above it', async () => {
  const root = scratch();
  const directory = join(root, 'a', 'b');
  await (await openLedger(directory, NETWORK))[Symbol.asyncDispose]();
  expect(readdirSync(root)).toEqual([]);
  mkdirSync(join(root, 'a'));
  await (await openLedger(directory, NETWORK))[Symbol.asyncDispose]();
  expect(readdirSync(root)).toEqual(['a']);
});

it('a chain that was there stays, also where no block came into it', async () => {
  const directory = join(scratch(), 'data');
  {
    await using ledger = await openLedger(directory, NETWORK);
    await ledger.extend(extend([NETWORK.genesis], 2).slice(1));
  }
  await (await openLedger(directory, NETWORK))[Symbol.asyncDispose]();
  await using again = await openLedger(directory, NETWORK);
  expect(again.head.length).toBe(3);
});
