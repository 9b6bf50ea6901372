import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BOUNDS } from '../src/bounds.js';
import * as network from '../src/network/constants.js';

const READMES = ['protocols/chain/README.md', 'protocols/gossip/README.md', 'src/network/README.md'];
const text = READMES.map((file) => readFileSync(file, 'utf8')).join('\n');

it.each(BOUNDS)('the limit counted as %s is explained where the limits stand', (bound) => {
  expect(text).toContain(`\`${bound}\``);
});

const LIMITS: Record<string, unknown> = { ...network };
const ROWS = [
  ...readFileSync('src/network/README.md', 'utf8').matchAll(/^\| `([A-Z_]+)`[^|]*\| ([^|]+?) *\|/gm),
];

it.each(ROWS.map(([, name, value]) => [name, value]))('%s is %s, as the README says', (name = '', value) => {
  const limit = LIMITS[name] as number;
  const asWritten = [limit.toLocaleString('en'), `${limit / 1000} s`, `${limit / 2 ** 20} MiB`];
  // What may come at once stands after it.
  expect(asWritten).toContain(value?.replace(/, .*$/, ''));
});
