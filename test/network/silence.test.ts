import { streamPair } from '@libp2p/utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SILENCE_MS } from '../../src/network/constants.js';
import { cutWhenSilent } from '../../src/network/silence.js';

describe('a connection on which nothing comes', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is cut after a while', async () => {
    const [, ours] = await streamPair();
    cutWhenSilent(ours);
    await vi.advanceTimersByTimeAsync(SILENCE_MS - 1);
    expect(ours.status).toBe('open');
    await vi.advanceTimersByTimeAsync(1);
    expect(ours.status).toBe('aborted');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('stays as long as anything comes in time', async () => {
    const [theirs, ours] = await streamPair();
    cutWhenSilent(ours);
    for (let round = 0; round < 5; round++) {
      theirs.send(Buffer.from('here'));
      await vi.advanceTimersByTimeAsync(SILENCE_MS - 1_000);
    }
    expect(ours.status).toBe('open');
    ours.abort(new Error('over'));
  });

  it('is not cut for the time in which this process could not hear', async () => {
    const [, ours] = await streamPair();
    cutWhenSilent(ours);
    vi.setSystemTime(Date.now() + 60_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(ours.status).toBe('open');
    ours.abort(new Error('over'));
  });
});
