import { describe, expect, it } from 'vitest';
import { TokenBuckets } from '../src/token-buckets.js';

describe('token buckets', () => {
  it('grant a burst, and then no more than their rate', () => {
    let now = 0;
    const buckets = new TokenBuckets(10, 3, 100, () => now);
    expect([1, 2, 3, 4].map(() => buckets.take('a'))).toEqual([true, true, true, false]);
    now = 99;
    expect(buckets.take('a')).toBe(false);
    now = 200;
    expect([1, 2, 3].map(() => buckets.take('a'))).toEqual([true, true, false]);
  });

  it('count each peer apart', () => {
    const buckets = new TokenBuckets(1, 1, 100, () => 0);
    expect([buckets.take('a'), buckets.take('a'), buckets.take('b')]).toEqual([true, false, true]);
  });

  it('forget a peer once its bucket would be full again', () => {
    let now = 0;
    const buckets = new TokenBuckets(10, 5, 100, () => now);
    for (let n = 0; n < 50; n += 1) buckets.take(`peer ${n}`);
    expect(buckets.size).toBe(50);
    now = 500;
    buckets.take('another');
    expect(buckets.size).toBe(1);
  });

  it('hold no more peers than they may, and forget the longest silent first', () => {
    let now = 0;
    const buckets = new TokenBuckets(1, 1, 2, () => now);
    for (const key of ['a', 'b', 'a', 'c']) {
      now += 1;
      buckets.take(key);
    }
    expect(buckets.size).toBe(2);
    expect(buckets.take('a')).toBe(false);
  });
});
