import { describe, expect, it } from 'vitest';
import { search } from '../../src/mining/search.js';
import { SharedSearch } from '../../src/mining/shared-search.js';

describe('SharedSearch', () => {
  it('ends, worked on by one thread, with the smallest proof and the number of tries', () => {
    const shared = SharedSearch.over(100, 4);
    shared.work(search);
    expect(shared.best).toBe(35293);
    expect(shared.tried).toBe(35294);
  });

  it('is one search, whichever thread joins it by its job, and over for all when it is over', () => {
    const shared = SharedSearch.over(35293, 4);
    new SharedSearch(shared.job).work(search);
    expect(shared.best).toBe(35089);
    const { tried } = shared;
    shared.work(search);
    expect(shared).toMatchObject({ best: 35089, tried });
  });

  it('keeps the smaller hit when a larger one comes in later', () => {
    const shared = SharedSearch.over(100, 0);
    // Difficulty 0: every chunk is hit at its start. This thread is dealt the second chunk, and then the first.
    const next = new BigInt64Array(shared.job.state);
    next[0] = BigInt(shared.job.chunk);
    shared.work(search);
    expect(shared.best).toBe(shared.job.chunk);
    next[0] = 0n;
    shared.work(search);
    expect(shared.best).toBe(0);
  });

  it('tries nothing more once it is cancelled', () => {
    const shared = SharedSearch.over(100, 4);
    shared.cancel();
    shared.work(search);
    expect(shared.best).toBeUndefined();
    expect(shared.tried).toBe(0);
  });

  it('never deals a thread more than it can try in a few milliseconds, so that cancelling is quick', () => {
    for (let difficulty = 0; difficulty <= 16; difficulty++) {
      const { chunk } = SharedSearch.over(1, difficulty).job;
      expect(chunk).toBeGreaterThan(0);
      expect(chunk).toBeLessThanOrEqual(32_000);
    }
  });

  it('agrees with the plain search at every difficulty that is quickly searched', () => {
    for (let difficulty = 0; difficulty <= 4; difficulty++) {
      const shared = SharedSearch.over(2 ** 53 - 1, difficulty);
      shared.work(search);
      expect(shared.best).toBe(search(2 ** 53 - 1, difficulty, 0, 10_000_000));
    }
  });
});
