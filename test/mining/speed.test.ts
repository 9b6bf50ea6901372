import { describe, expect, it } from 'vitest';
import { measureSpeed } from '../../src/mining/speed.js';

describe('measureSpeed', () => {
  it('reports rates beside the baselines, and what each zero more costs', async () => {
    const { threads, repetitions, rates, costs } = await measureSpeed({ seconds: 1, threads: 2 });
    expect(threads).toBe(2);
    expect(repetitions).toBeGreaterThanOrEqual(3);
    for (const rate of [rates.oneThread, rates.allThreads, rates.createHash, rates.cryptoHash]) {
      expect(rate).toBeGreaterThan(1000);
      expect(rate).toBeLessThan(1e10);
    }
    expect(costs.map(({ difficulty }) => difficulty)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const [i, cost] of costs.entries()) {
      expect(cost.expectedTries).toBe(16 ** (i + 1));
      expect(cost.expectedSeconds).toBeCloseTo(cost.expectedTries / rates.allThreads, 9);
    }
  });

  it('measures tries a proof near to 16 to the power of the difficulty', async () => {
    const { costs } = await measureSpeed({ seconds: 2, threads: 1, difficulties: [1] });
    // The mean of n tries is off by 16 / sqrt(n): six times that happens once in a billion runs.
    const { found, meanTries, meanSeconds } = costs[0]!;
    expect(found).toBeGreaterThan(10);
    expect(Math.abs(meanTries! - 16)).toBeLessThan((6 * 16) / Math.sqrt(found));
    expect(meanSeconds).toBeGreaterThan(0);
  });

  it.each([0, 50, 400])('gives up with the reason when it is aborted after %d ms', async (ms) => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const measuring = measureSpeed({ seconds: 0.6, threads: 2, signal: abort.signal });
    setTimeout(() => abort.abort(reason), ms);
    await expect(measuring).rejects.toBe(reason);
  });
});
