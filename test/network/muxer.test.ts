import type { Stream } from '@libp2p/interface';
import { streamPair } from '@libp2p/utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UNCOUNTED } from '../../src/bounds.js';
import {
  MAX_CONNECTION_BACKLOG_BYTES,
  MAX_STREAM_WINDOW_BYTES,
  SILENCE_MS,
} from '../../src/network/constants.js';
import type { Host } from '../../src/network/host.js';
import { muxer, roundTripMs } from '../../src/network/muxer.js';
import { startTwoHosts } from '../helpers/hosts.js';
import { yamuxHeader } from '../hostile/raw.js';
import { ISOLATED } from './support.js';

/** What yamux answers at once. */
const PING = yamuxHeader(2, 1, 0, 7);

/** The type of yamux's frames that let a peer send more. */
const WINDOW_UPDATE = 1;
/** What a peer may send on a new stream (github.com/hashicorp/yamux, spec.md). */
const YAMUX_WINDOW_BYTES = 256 * 1024;
const MESSAGE_BYTES = 16 * 1024;
const SYN = 1;

/** What libp2p's type of a stream does not have. */
interface Waiting {
  readonly writeBufferLength: number;
}

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

describe('a stream that is read', () => {
  it('tells its peer, as it opens a stream, that it may send what an answer has, and takes no more', async () => {
    const [ours, theirs] = await streamPair();
    const opened: number[] = [];
    theirs.addEventListener('message', ({ data }) => {
      const frame = Buffer.from(data.subarray());
      if (frame[1] === WINDOW_UPDATE && frame[3] === SYN) opened.push(frame.readUInt32BE(8));
    });
    const [asker, peer] = [ours, theirs].map((end) => muxer(UNCOUNTED)().createStreamMuxer(end));
    const answering = new Promise<Stream>((resolve) =>
      peer?.addEventListener('stream', ({ detail }) => resolve(detail)),
    );
    const stream = (await asker?.createStream()) as Stream;
    // Nobody reads: it hears of no more than its window.
    stream.pause();
    const answer = await answering;
    expect(opened).toEqual([MAX_STREAM_WINDOW_BYTES - YAMUX_WINDOW_BYTES]);
    answer.send(Buffer.alloc(2 * MAX_STREAM_WINDOW_BYTES));
    await expect
      .poll(() => 2 * MAX_STREAM_WINDOW_BYTES - (answer as unknown as Waiting).writeBufferLength)
      .toBe(MAX_STREAM_WINDOW_BYTES);
    for (const one of [asker, peer]) one?.abort(new Error('over'));
  });

  it('lets its peer send more when half of the window is used, not for each message', async () => {
    const [ours, theirs] = await streamPair();
    const updates: number[] = [];
    theirs.addEventListener('message', ({ data }) => {
      const frame = Buffer.from(data.subarray());
      if (frame[1] === WINDOW_UPDATE && frame[3] === 0) updates.push(frame.readUInt32BE(8));
    });
    const [reader, sender] = [ours, theirs].map((end) => muxer(UNCOUNTED)().createStreamMuxer(end));
    let read = 0;
    reader?.addEventListener('stream', ({ detail }) =>
      detail.addEventListener('message', ({ data }) => {
        read += data.byteLength;
      }),
    );
    const stream = (await sender?.createStream()) as Stream;
    for (let sent = 0; sent < 4 * 2 ** 20; sent += MESSAGE_BYTES)
      if (!stream.send(Buffer.alloc(MESSAGE_BYTES))) await stream.onDrain();
    await expect.poll(() => read).toBe(4 * 2 ** 20);
    expect(updates.length).toBeGreaterThan(0);
    expect(Math.min(...updates)).toBeGreaterThanOrEqual(YAMUX_WINDOW_BYTES / 2);
    for (const one of [reader, sender]) one?.abort(new Error('over'));
  });
});
