import { expect, it } from 'vitest';
import { LineLimit } from '../../src/cli/line-limit.js';

const said = (limit: LineLimit, peer: string, times: number) =>
  Array.from({ length: times }, () => limit.take(peer)).filter((unsaid) => unsaid !== undefined).length;

it('one peer causes a page of lines at once, then two a second, and others are heard', () => {
  let now = 0;
  const limit = new LineLimit(() => now);
  expect(said(limit, 'eve', 1_000)).toBe(100);
  expect(limit.take('alice')).toBe(900);
  expect(limit.take('alice')).toBe(0);
  now += 60_000;
  expect(said(limit, 'eve', 1_000)).toBe(100);
  now += 1_000;
  expect(said(limit, 'eve', 1_000)).toBe(2);
});

it('a crowd of identities causes no more than a thousand at once, then twenty a second', () => {
  let now = 0;
  const limit = new LineLimit(() => now);
  const crowd = () =>
    Array.from({ length: 500 }, (_, i) => said(limit, `eve ${i}`, 10)).reduce((a, b) => a + b);
  expect(crowd()).toBe(1_000);
  now += 1_000;
  expect(crowd()).toBe(20);
});
