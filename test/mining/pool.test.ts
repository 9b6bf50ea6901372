import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SearchPool } from '../../src/mining/pool.js';
import { SharedSearch } from '../../src/mining/shared-search.js';

describe('SearchPool', () => {
  let pool: SearchPool;
  let started: Worker[];
  let ended: Worker[];
  const onWorker = (worker: Worker) => {
    started.push(worker);
    worker.once('exit', () => ended.push(worker));
  };

  beforeEach(() => {
    pool = new SearchPool(2);
    started = [];
    ended = [];
    process.on('worker', onWorker);
  });
  afterEach(async () => {
    await pool.stop();
    process.off('worker', onWorker);
  });

  const find = async (lastProof: number) => {
    const search = SharedSearch.over(lastProof, 3);
    await pool.run(search);
    return search.best;
  };

  it('starts its threads on the first search and keeps them for the next', async () => {
    expect(started).toHaveLength(0);
    await find(1);
    await find(2);
    expect(started).toHaveLength(2);
    expect(ended).toHaveLength(0);
  });

  it('ends every thread on stop, more than once if asked', async () => {
    await find(1);
    await Promise.all([pool.stop(), pool.stop()]);
    expect(ended).toHaveLength(2);
    await pool.stop();
  });

  it('lets go of a cancelled search within one chunk a thread', async () => {
    const search = SharedSearch.over(100, 16);
    const run = pool.run(search);
    await vi.waitFor(() => expect(search.tried).toBeGreaterThan(0));
    search.cancel();
    const { tried } = search;
    await run;
    expect(search.tried - tried).toBeLessThanOrEqual(2 * search.job.chunk);
    expect(search.best).toBeUndefined();
  });

  it('takes a search while one that was cancelled is still being left', async () => {
    const first = SharedSearch.over(100, 16);
    const run = pool.run(first);
    await vi.waitFor(() => expect(first.tried).toBeGreaterThan(0));
    first.cancel();
    const second = SharedSearch.over(100, 4);
    await Promise.all([pool.run(second), run]);
    expect(second.best).toBe(35293);
  });

  it('reports a thread that ends during a search as a typed error, and replaces it', async () => {
    const search = SharedSearch.over(100, 16);
    const run = pool.run(search);
    await vi.waitFor(() => expect(search.tried).toBeGreaterThan(0));
    void started[0]!.terminate();
    await expect(run).rejects.toMatchObject({ name: 'MiningError', code: 'worker-failed' });
    search.cancel();
    await find(100);
    expect(started).toHaveLength(3);
  });

  it('reports a thread that throws with what it threw, and replaces it', async () => {
    await find(1);
    started[0]!.postMessage('not a work order');
    await expect(find(2)).rejects.toMatchObject({ code: 'worker-failed', cause: { name: 'TypeError' } });
    await find(3);
    expect(started).toHaveLength(3);
  });

  it('replaces a thread that died idle before the next search', async () => {
    await find(1);
    await started[0]!.terminate();
    await find(2);
    expect(started).toHaveLength(3);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses %d threads', (threads) => {
    expect(() => new SearchPool(threads)).toThrow(RangeError);
  });
});
