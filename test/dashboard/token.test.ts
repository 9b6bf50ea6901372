import { expect, it } from 'vitest';
import { tokenIn } from '../../src/dashboard/token.js';

it('takes the token of an address as it is, with every character that a token may have', () => {
  expect(tokenIn('#token=aA0._~+/=-')).toBe('aA0._~+/=-');
  expect(tokenIn('#token=a%2Bb')).toBe('a+b');
  expect(tokenIn('#block-3')).toBeUndefined();
  expect(tokenIn('')).toBeUndefined();
});
