import { EventEmitter } from 'node:events';
import type { MessageStream } from '@libp2p/interface';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as limits from '../../src/network/constants.js';
import { ConnectionFault } from '../../src/network/errors.js';
import { FrameGuard } from '../../src/network/frame-guard.js';

/** A connection that brings what a test gives it. */
class Wire extends EventEmitter {
  status = 'open';
  isPaused = false;
  fault: unknown;
  addEventListener = this.on;

  bring(...chunks: Uint8Array[]): void {
    this.emit('message', { data: chunks });
  }
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
  abort(error: unknown): void {
    this.fault = error;
    this.status = 'aborted';
  }
}

function header(type: number, flags: number, length: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes[1] = type;
  bytes.writeUInt16BE(flags, 2);
  bytes.writeUInt32BE(length, 8);
  return bytes;
}

const DATA = 0;
const WINDOW = 1;
const SYN = 1;
const ping = () => header(2, SYN, 7);

describe('what a connection brings', () => {
  const hits: string[] = [];
  let wire: Wire;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    hits.length = 0;
    wire = new Wire();
    new FrameGuard(wire as unknown as MessageStream, (bound) => hits.push(bound));
  });

  afterEach(() => vi.useRealTimers());

  it('passes as long as it is within the limits, however it is cut to pieces', () => {
    const bytes = Buffer.concat([
      header(WINDOW, SYN, 0),
      header(DATA, 0, 1000),
      Buffer.alloc(1000, 0xff),
      ping(),
    ]);
    for (const byte of bytes) wire.bring(Uint8Array.of(byte));
    wire.bring(bytes.subarray(0, 500), bytes.subarray(500));
    expect(wire.fault).toBeUndefined();
    expect(wire.isPaused).toBe(false);
  });

  it('is read no further where a frame announces more than a window, and is cut off', async () => {
    wire.bring(header(DATA, 0, limits.MAX_STREAM_WINDOW_BYTES));
    expect(wire.fault).toBeUndefined();
    wire.bring(Buffer.alloc(limits.MAX_STREAM_WINDOW_BYTES));
    wire.bring(header(DATA, 0, limits.MAX_STREAM_WINDOW_BYTES + 1));
    expect(wire.isPaused).toBe(true);
    await new Promise(setImmediate);
    expect(wire.fault).toBeInstanceOf(ConnectionFault);
    expect(wire.fault).toMatchObject({ bound: 'muxer-frame-size' });
  });

  it('may announce any window: only bytes that come are held', () => {
    wire.bring(header(WINDOW, 0, 0xffff_ffff), ping());
    expect(wire.fault).toBeUndefined();
  });

  it.each([
    ['frames', limits.FRAMES_BURST, () => header(WINDOW, 0, 1)],
    ['streams', limits.STREAMS_BURST, () => header(WINDOW, SYN, 0)],
  ])('is not read for a while after too many %s, and then again', (_, burst, frame) => {
    wire.bring(Buffer.concat(Array.from({ length: burst }, frame)));
    expect(wire.isPaused).toBe(false);
    wire.bring(Buffer.concat(Array.from({ length: 64 }, frame)));
    expect(wire.isPaused).toBe(true);
    expect(hits).toEqual(['connection-traffic']);
    vi.advanceTimersByTime(1_100);
    expect(wire.isPaused).toBe(false);
    wire.bring(ping());
    expect(wire.isPaused).toBe(false);
  });

  it('is not read for a while after too many bytes', () => {
    const megabyte = Buffer.concat([header(DATA, 0, 1 << 20), Buffer.alloc(1 << 20)]);
    for (let bytes = 0; bytes < limits.CONNECTION_BYTES_BURST; bytes += megabyte.length) wire.bring(megabyte);
    expect(wire.isPaused).toBe(true);
  });

  it('leaves nothing behind when it ends', () => {
    wire.bring(Buffer.concat(Array.from({ length: limits.FRAMES_BURST + 10 }, () => header(WINDOW, 0, 1))));
    wire.emit('close');
    expect(vi.getTimerCount()).toBe(0);
  });
});
