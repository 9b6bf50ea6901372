import { expect, it } from 'vitest';
import { quote } from '../src/quote.js';

it('says a text back in quotes and in one line', () => {
  expect(quote('a "b"\n')).toBe('"a \\"b\\"\\n"');
});

it.each([
  ['long', 'x'.repeat(100_000)],
  ['all to be escaped', '\u0000'.repeat(100_000)],
])('says back only the beginning of a text that is %s', (_, text) => {
  const quoted = quote(text, 40);
  expect(quoted).toMatch(/…"$/);
  expect(quoted.length).toBeLessThanOrEqual(2 * 40 + 1);
  expect(text).toContain((JSON.parse(quoted) as string).slice(0, -1));
});
