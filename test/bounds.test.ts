import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BOUNDS } from '../src/bounds.js';
import * as network from '../src/network/constants.js';

const READMES = ['protocols/chain/README.md', 'protocols/gossip/README.md', 'src/network/README.md'];
const text = READMES.map((file) => readFileSync(file, 'utf8')).join('\n');

it.each(BOUNDS)('the limit counted as %s is explained where the limits stand', (bound) => {
  expect(text).toContain(`\`${bound}\``);
});

/** Where the limits are enforced; the bouncer's test makes hits up. */
const tests = ['network', 'protocols', 'node']
  .flatMap((part) =>
    readdirSync(`test/${part}`, { recursive: true, encoding: 'utf8' }).map((file) => `test/${part}/${file}`),
  )
  .filter((file) => file.endsWith('.test.ts') && !file.endsWith('bouncer.test.ts'))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

it.each(BOUNDS)('a test runs into the limit counted as %s', (bound) => {
  expect(tests).toContain(`'${bound}'`);
});

const LIMITS: Record<string, unknown> = network;
const ROWS = [
  ...readFileSync('src/network/README.md', 'utf8').matchAll(/^\| `([A-Z_]+)`[^|]*\| ([^|]+?) *\|/gm),
];

it.each(ROWS.map(([, name, value]) => [name, value]))('%s is %s, as the README says', (name = '', value) => {
  const [limit, burst] = value?.split(', ') ?? [];
  expect(inWords(LIMITS[name])).toContain(limit);
  const atOnce = LIMITS[name.replace(/_PER_SECOND$|$/, '_BURST')];
  const bursts = atOnce === undefined ? [undefined] : inWords(atOnce).map((text) => `${text} burst`);
  expect(bursts).toContain(burst);
});

it.each(Object.keys(LIMITS).filter((name) => name.startsWith('MAX_')))('%s stands in the README', (name) => {
  expect(ROWS.map(([, listed]) => listed)).toContain(name);
});

function inWords(limit: unknown): string[] {
  return [Number(limit).toLocaleString('en'), `${Number(limit) / 1000} s`, `${Number(limit) / 2 ** 20} MiB`];
}
