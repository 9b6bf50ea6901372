import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, parseJson } from '../../src/chain/index.js';
import { anyJson, anyNumber } from './arbitraries.js';

/** Reads one JSON text a line, and prints what the tutorial's nodes would hash. */
const PROGRAM = `
import json, sys
for line in sys.stdin:
    print(json.dumps(json.loads(line), sort_keys=True))
`;

const hasPython = spawnSync('python3', ['--version']).status === 0;

it.skipIf(!hasPython)(
  'canonical JSON is what the Python on this machine prints, for thousands of values',
  () => {
    // Python reads our text and prints it in its own way, so that the order, the escapes and the digits are its own.
    const values = [...fc.sample(anyJson, 2_000), ...fc.sample(anyNumber, 3_000)];
    const texts = values.map((value) => canonicalJson(value));
    expect(python(texts)).toEqual(texts);
  },
);

it.skipIf(!hasPython)('numbers written by others come out as in Python', () => {
  const digits = (max: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: max });
  const written = fc
    .tuple(
      fc.constantFrom('', '-'),
      digits(25),
      fc.option(digits(25)),
      fc.option(fc.integer({ min: -340, max: 290 })),
    )
    .map(([sign, whole, fraction, exponent]) => {
      const integer = whole.replace(/^0+(?=.)/, '');
      return `${sign}${integer}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `E${exponent}`}`;
    });
  const texts = fc.sample(written, 3_000).filter((text) => Number.isFinite(Number(text)));
  expect(python(texts)).toEqual(texts.map((text) => canonicalJson(parseJson(text))));
});

function python(lines: readonly string[]): string[] {
  const { stdout, stderr, status } = spawnSync('python3', ['-c', PROGRAM], {
    input: `${lines.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout.trimEnd().split('\n');
}
