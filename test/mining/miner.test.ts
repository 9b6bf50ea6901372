import { execFile } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { validProof } from '../../src/chain/proof.js';
import { Miner } from '../../src/mining/miner.js';
import { search } from '../../src/mining/search.js';

const ENDLESS = 16; // zeros nobody finds

describe('Miner', () => {
  const miner = new Miner({ threads: 2 });
  const atWork = (busy: Miner) => vi.waitFor(() => expect(busy.progress?.tried).toBeGreaterThan(0));

  afterEach(() => expect(miner.progress).toBeNull());
  afterAll(() => miner.stop());

  it('mines the default chain: after 100 come 35293, 35089, 119678', async () => {
    const proofs = [100];
    for (let i = 0; i < 3; i++) proofs.push(await miner.search(proofs[i]!, 4));
    expect(proofs).toEqual([100, 35293, 35089, 119678]);
  });

  it('finds the same smallest proof with one, two and three threads', async () => {
    const miners = [1, 2, 3].map((threads) => new Miner({ threads }));
    try {
      for (let i = 0; i < 40; i++) {
        const lastProof = Math.floor(Math.random() * 2 ** 53);
        const difficulty = i % 4;
        const smallest = search(lastProof, difficulty, 0, 1_000_000);
        for (const each of miners) {
          expect(await each.search(lastProof, difficulty), `${lastProof}, ${each.threads} threads`).toBe(
            smallest,
          );
        }
        expect(validProof(lastProof, smallest!, difficulty)).toBe(true);
      }
    } finally {
      await Promise.all(miners.map((each) => each.stop()));
    }
  });

  it('takes the largest last proof and difficulty 0', async () => {
    await expect(miner.search(Number.MAX_SAFE_INTEGER, 0)).resolves.toBe(0);
  });

  it('rejects with the reason of the signal when it is aborted, and mines on afterwards', async () => {
    const reason = new Error('the head changed');
    const abort = new AbortController();
    const mining = miner.search(100, ENDLESS, abort.signal);
    await atWork(miner);
    abort.abort(reason);
    await expect(mining).rejects.toBe(reason);
    await expect(miner.search(100, 4)).resolves.toBe(35293);
  });

  it('leaves no listener on a signal that outlives the search', async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    await miner.search(100, 1, signal);
    expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(
      added.mock.calls.map(([, listener]) => listener),
    );
  });

  it('searches one thing at a time: a new search supersedes the one before', async () => {
    const first = miner.search(100, ENDLESS);
    const second = miner.search(100, 4);
    await expect(first).rejects.toMatchObject({ name: 'MiningError', code: 'superseded' });
    await expect(second).resolves.toBe(35293);
  });

  it('says how far it has come: tries, tries a second, since when', async () => {
    const before = Date.now();
    const abort = new AbortController();
    const mining = miner.search(100, ENDLESS, abort.signal);
    expect(miner.progress).toMatchObject({ tried: 0 });
    await atWork(miner);
    const { tried, rate, since } = miner.progress!;
    expect(since).toBeGreaterThanOrEqual(before);
    expect(since).toBeLessThanOrEqual(Date.now());
    expect(rate).toBeGreaterThan(0);
    await vi.waitFor(() => expect(miner.progress?.tried).toBeGreaterThan(tried));
    abort.abort();
    await expect(mining).rejects.toBe(abort.signal.reason);
  });

  it('leaves the event loop free while it mines', async () => {
    const abort = new AbortController();
    const mining = miner.search(100, ENDLESS, abort.signal);
    const delays = monitorEventLoopDelay({ resolution: 1 });
    delays.enable();
    let turns = 0;
    while ((miner.progress?.tried ?? 0) < 500_000) {
      await turn();
      turns++;
    }
    delays.disable();
    abort.abort();
    await expect(mining).rejects.toBe(abort.signal.reason);
    expect(turns).toBeGreaterThan(100);
    expect(delays.percentile(50) / 1e6).toBeLessThan(100);
  });

  it.each([
    [-1, 4],
    [0.5, 4],
    [2 ** 53, 4],
    [100, 17],
    [100, -1],
  ])('refuses last proof %d at difficulty %d', async (lastProof, difficulty) => {
    await expect(miner.search(lastProof, difficulty)).rejects.toThrow(RangeError);
  });

  it('ends the search that runs when it is stopped, and takes no other', async () => {
    const other = new Miner({ threads: 2 });
    const mining = other.search(100, ENDLESS);
    mining.catch(() => {}); // looked at below
    await atWork(other);
    await other.stop();
    await expect(mining).rejects.toMatchObject({ code: 'stopped' });
    await expect(other.search(100, 1)).rejects.toMatchObject({ code: 'stopped' });
    await other.stop();
    expect(other.progress).toBeNull();
  });

  it('holds a process open while a search runs, not while it is idle', async () => {
    const program = `
      import { Miner } from '${pathToFileURL('dist/src/mining/miner.js').href}';
      const miner = new Miner({ threads: 2 });
      const first = await miner.search(100, 4);
      console.log(first, await miner.search(first, 4)); // the second one on threads that were idle`;
    const args = ['--input-type=module', '--eval', program];
    await expect(promisify(execFile)(process.execPath, args, { timeout: 10_000 })).resolves.toMatchObject({
      stdout: '35293 35089\n',
    });
  });

  it('does not begin a search whose signal is aborted already', async () => {
    const reason = new Error('the head changed');
    const idle = new Miner({ threads: 1 });
    const onWorker = vi.fn();
    process.once('worker', onWorker);
    await expect(idle.search(100, 4, AbortSignal.abort(reason))).rejects.toBe(reason);
    process.off('worker', onWorker);
    expect(onWorker).not.toHaveBeenCalled();
    expect(idle.progress).toBeNull();
  });
});
