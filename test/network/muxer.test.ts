import { streamPair } from '@libp2p/utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UNCOUNTED } from '../../src/bounds.js';
import { MAX_CONNECTION_BACKLOG_BYTES, SILENCE_MS } from '../../src/network/constants.js';
import type { Host } from '../../src/network/host.js';
import { muxer, roundTripMs } from '../../src/network/muxer.js';
import { startTwoHosts } from '../helpers/hosts.js';
import { yamuxHeader } from '../hostile/raw.js';
import { ISOLATED } from './support.js';

/** What yamux answers at once. */
const PING = yamuxHeader(2, 1, 0, 7);

function once(host: Host, name: 'peer:identify'): Promise<void> {
  return new Promise((resolve) => host.addEventListener(name, () => resolve(), { once: true }));
}

describe.skipIf(!ISOLATED)('the muxer', () => {
  const uncaught: unknown[] = [];
  const note = (error: unknown) => void uncaught.push(error);
  const others = process.listeners('uncaughtException');
  beforeEach(() => {
    uncaught.length = 0;
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', note);
  });
  afterEach(() => {
    process.removeListener('uncaughtException', note);
    for (const other of others) process.on('uncaughtException', other);
  });

  it.each(['abort', 'close'] as const)(
    'outlives a connection that ends while a stream is being opened: %s',
    async (how) => {
      const [a, b] = await startTwoHosts();
      const identified = once(a, 'peer:identify');
      const connection = await a.dial(b.getMultiaddrs());
      await identified;
      const stream = connection.newStream('/ipfs/ping/1.0.0', { signal: AbortSignal.timeout(5_000) });
      if (how === 'abort') connection.abort(new Error('cut'));
      else void connection.close();
      await expect(stream).rejects.toThrow();
      await expect.poll(() => a.getConnections()).toEqual([]);
      expect(uncaught).toEqual([]);
    },
  );

  it('knows the time of a round trip, and opens no stream for it', async () => {
    const [a, b] = await startTwoHosts();
    const identified = once(a, 'peer:identify');
    const connection = await a.dial(b.getMultiaddrs());
    await identified;
    await expect.poll(() => roundTripMs(connection), { timeout: 5_000 }).toBeGreaterThanOrEqual(0);
    expect(connection.streams.filter(({ protocol }) => protocol.includes('ping'))).toEqual([]);
  });
});

describe('a connection whose peer takes nothing', () => {
  it('is cut when more waits for it than may, at the next answer to it', async () => {
    const [ours, theirs] = await streamPair();
    const ended = new Promise((resolve) => ours.addEventListener('close', ({ error }) => resolve(error)));
    const ofOurs = muxer(UNCOUNTED)().createStreamMuxer(ours);
    theirs.pause();
    await expect.poll(() => ours.send(Buffer.alloc(2 ** 20))).toBe(false);
    ours.send(Buffer.alloc(MAX_CONNECTION_BACKLOG_BYTES - ours.writeBufferLength));
    expect(ours.status).toBe('open');
    theirs.send(PING);
    expect(await ended).toMatchObject({ name: 'ConnectionFault', bound: 'connection-backlog' });
    ofOurs.abort(new Error('over'));
  });
});

describe('a connection that nobody uses', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('stays, since both sides ping', async () => {
    const ends = await streamPair();
    const muxers = ends.map((end) => muxer(UNCOUNTED)().createStreamMuxer(end));
    await vi.advanceTimersByTimeAsync(5 * SILENCE_MS);
    expect(ends.map(({ status }) => status)).toEqual(['open', 'open']);
    for (const one of muxers) one.abort(new Error('over'));
    for (const end of ends) end.abort(new Error('over'));
  });
});
