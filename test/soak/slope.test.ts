import { expect, it } from 'vitest';
import { Dice } from '../helpers/dice.js';
import { slopeOf } from './slope.js';

const noisy = (growth: number, dice = new Dice(1)) =>
  Array.from({ length: 100 }, (_, x) => ({ x, y: 50 + growth * x + 5 * dice.next() }));

it('tells growth from noise, also where a few values are far off', () => {
  const flat = slopeOf(noisy(0))!;
  expect(flat.low).toBeLessThan(0);
  expect(flat.high).toBeGreaterThan(0);
  const spiked = noisy(0.5).map((point, at) => (at % 20 === 7 ? { ...point, y: 900 } : point));
  const grown = slopeOf(spiked)!;
  expect(grown.estimate).toBeCloseTo(0.5, 1);
  expect(grown.low).toBeGreaterThan(0.4);
  expect(grown.high).toBeLessThan(0.6);
});

it('is that of a line where the points are on one, and says nothing of too few', () => {
  const line = Array.from({ length: 6 }, (_, x) => ({ x, y: 3 * x }));
  expect(slopeOf(line)).toEqual({ estimate: 3, low: 3, high: 3 });
  expect(slopeOf(line.slice(0, 4))).toBeUndefined();
});
