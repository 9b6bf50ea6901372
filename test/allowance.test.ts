import { expect, it } from 'vitest';
import { Allowance } from '../src/allowance.js';

it('grants the burst at once, then tells how long the debt takes to be paid', () => {
  let now = 0;
  const allowance = new Allowance(10, 100, () => now);
  expect(allowance.spend(100)).toBe(0);
  expect(allowance.spend(5)).toBe(500);
  now = 500;
  expect(allowance.spend(0)).toBe(0);
  expect(allowance.spend(1)).toBe(100);
});

it('never holds more than its burst', () => {
  let now = 0;
  const allowance = new Allowance(10, 100, () => now);
  now = 1_000_000;
  expect(allowance.spend(101)).toBe(100);
});

it('is taken of as long as there is no debt, and not again before that is paid', () => {
  let now = 0;
  const allowance = new Allowance(10, 100, () => now);
  expect([60, 60, 1].map((tokens) => allowance.take(tokens))).toEqual([true, true, false]);
  now = 1_999;
  expect(allowance.take(1)).toBe(false);
  now = 2_001;
  expect(allowance.take(1)).toBe(true);
});
