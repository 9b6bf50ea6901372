import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { originalStack } from '../../src/cli/original-stack.js';
import { scratch } from '../helpers/scratch.js';

/** Its second line, from column 5 on, comes from line 7 of src/node/sync.ts. */
const MAP = { version: 3, sources: ['../../src/node/sync.ts'], names: [], mappings: ';IAMA' };

function bundle(map?: string): string {
  const file = join(scratch(), 'program.cjs');
  if (map !== undefined) writeFileSync(`${file}.map`, map);
  return file;
}

it('names the source of each frame of the bundle, and leaves all else', () => {
  const file = bundle(JSON.stringify(MAP));
  const stack = `Error: no\n    at ask (${file}:2:5)\n    at ${file}:2:9\n    at node:net:38:1`;
  expect(originalStack(stack, file)).toBe(
    'Error: no\n    at ask (src/node/sync.ts:7:1)\n    at src/node/sync.ts:7:1\n    at node:net:38:1',
  );
});

it('reads the map once for many traces', () => {
  const file = bundle(JSON.stringify(MAP));
  expect(originalStack(`at a (${file}:2:5)`, file)).toBe('at a (src/node/sync.ts:7:1)');
  rmSync(`${file}.map`);
  expect(originalStack(`at b (${file}:2:5)`, file)).toBe('at b (src/node/sync.ts:7:1)');
});

it('leaves a frame that no source is known of', () => {
  const file = bundle(JSON.stringify(MAP));
  for (const stack of [`at a (${file}:1:1)`, `at a (${file}:nowhere)`, 'no frame at all'])
    expect(originalStack(stack, file)).toBe(stack);
});

it('leaves the trace where the map is missing or is none', () => {
  for (const file of [bundle(), bundle('{'), bundle('{"version": 3}')])
    expect(originalStack(`at a (${file}:2:5)`, file)).toBe(`at a (${file}:2:5)`);
});
