import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Logger, SILENT } from '../../src/log.js';
import { MiningError } from '../../src/mining/errors.js';
import { AutoMiner } from '../../src/node/auto-miner.js';
import { NodeError } from '../../src/node/errors.js';
import { StorageError } from '../../src/storage/index.js';

describe('mining by itself', () => {
  it('leaves nothing behind after a search, however long it goes on at one pace', async () => {
    const heard: number[] = [];
    let miner: AutoMiner | undefined;
    await new Promise<void>((resolve) => {
      const forge = async (signal: AbortSignal) => {
        heard.push(getEventListeners(signal, 'abort').length);
        if (heard.length === 30) resolve();
      };
      miner = new AutoMiner(forge, SILENT, () => 0); // without waiting
      miner.setPace(1);
    });
    miner?.stop();
    expect(Math.max(...heard)).toBe(0);
  });

  it('does not begin a search that it was waiting for when the pace changes', async () => {
    let searches = 0;
    const miner = new AutoMiner(
      async () => void searches++,
      SILENT,
      () => 0,
    );
    miner.setPace(1);
    miner.stop();
    await new Promise((resolve) => setTimeout(resolve));
    expect(searches).toBe(0);
  });
});

describe('a search by itself that fails', () => {
  afterEach(() => void vi.useRealTimers());

  /** What is warned of while one search after the other fails in these ways. */
  async function warnings(failures: readonly Error[], changePaceAfter = failures.length): Promise<unknown[]> {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const warned: unknown[] = [];
    const log: Logger = { ...SILENT, warn: (fields, action) => warned.push({ action, ...fields }) };
    let tries = 0;
    const forge = async () => {
      throw failures[tries++];
    };
    const miner = new AutoMiner(forge, log, () => 0.5);
    miner.setPace(1);
    while (tries < failures.length) {
      await vi.advanceTimersToNextTimerAsync();
      if (tries === changePaceAfter) miner.setPace(2);
    }
    miner.stop();
    return warned;
  }

  const died = new MiningError('worker-failed', 'a mining thread died: mine again');
  const none = new MiningError('no-proof', 'no proof at all is valid');
  const [ofDied, ofNone] = [died, none].map(({ message }) => ({ action: 'mining-failed', reason: message }));

  it('is warned of once for each reason, not at each try', async () => {
    expect(await warnings([died, died, none, died, none])).toEqual([ofDied, ofNone]);
  });

  it('is warned of again when somebody changes the pace', async () => {
    expect(await warnings([died, died, died], 2)).toEqual([ofDied, ofDied]);
  });

  it('is not warned of where the node tells it already, or where others were first', async () => {
    const full = new StorageError('not-writable', 'the disk is full');
    const busy = new NodeError('mining-busy', 'four are waiting');
    expect(await warnings([full, busy, died])).toEqual([ofDied]);
  });
});

describe('the waits between two searches', () => {
  afterEach(() => void vi.useRealTimers());

  /** The waits in ms, one for each throw of the dice; a search takes no time. */
  async function waitsOf(everySeconds: number, dice: readonly number[]): Promise<number[]> {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const set = vi.spyOn(globalThis, 'setTimeout');
    let thrown = 0;
    const miner = new AutoMiner(
      async () => {},
      SILENT,
      () => dice[thrown++] as number,
    );
    miner.setPace(everySeconds);
    while (thrown < dice.length) await vi.advanceTimersToNextTimerAsync();
    miner.stop();
    return set.mock.calls.map(([, ms]) => ms as number);
  }

  it('are exponential: of even dice one of ten waits is longer than 2.3 times the mean', async () => {
    const dice = Array.from({ length: 1000 }, (_, i) => (i + 0.5) / 1000);
    const waits = await waitsOf(10, dice);
    expect(waits).toHaveLength(1000);
    const mean = waits.reduce((sum, ms) => sum + ms) / waits.length;
    expect(mean).toBeGreaterThan(9_950);
    expect(mean).toBeLessThan(10_050);
    // The share of waits longer than t is exp(-t / mean).
    for (const times of [0.1, 0.5, 1, 2.3, 4])
      expect(waits.filter((ms) => ms > times * 10_000).length).toBe(Math.round(1000 * Math.exp(-times)));
  });

  it('have the mean that was asked for, and are never longer than a timer can be', async () => {
    const median = 0.5;
    expect(await waitsOf(0.01, [median])).toEqual([expect.closeTo(10 * Math.LN2, 6)]);
    expect(await waitsOf(60, [median])).toEqual([expect.closeTo(60_000 * Math.LN2, 6)]);
    expect(await waitsOf(1e9, [median])).toEqual([2 ** 31 - 1]);
  });
});
