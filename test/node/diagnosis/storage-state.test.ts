import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { storageState } from '../../../src/node/index.js';
import { scratch } from '../support.js';

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
