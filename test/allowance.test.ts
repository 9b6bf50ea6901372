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
