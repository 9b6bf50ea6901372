import { EventEmitter } from 'node:events';
import { multiaddr } from '@multiformats/multiaddr';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import * as limits from '../../src/network/constants.js';
import { InboundGate } from '../../src/network/inbound-gate.js';

class Socket extends EventEmitter {
  addEventListener = this.on;
  readonly taken: number[] = [];
  reason: Error | undefined;
  readonly remoteAddr;
  constructor(host: string, port: number) {
    super();
    this.remoteAddr = multiaddr(`/ip4/${host}/tcp/${port}`);
  }
  onData({ byteLength }: Uint8Array): void {
    this.taken.push(byteLength);
  }
  abort(reason: Error): void {
    this.reason = reason;
  }
}

describe('sockets of one address', () => {
  let hits: string[];
  let gate: InboundGate;
  let port: number;

  beforeEach(() => {
    hits = [];
    gate = new InboundGate({ hit: (bound) => hits.push(bound) });
    port = 1;
  });

  /** @returns the socket, where it is let in */
  function knock(host = '192.168.1.2'): Socket | undefined {
    const socket = new Socket(host, port++);
    return gate.denies(socket as never) ? undefined : socket;
  }

  function connection(host?: string): Socket | undefined {
    const socket = knock(host);
    if (socket)
      gate.upgraded(
        socket.remoteAddr.encapsulate('/p2p/12D3KooWSNSuP5kH2kYtLbfNtimD4yGqoCRR9Aae1k3tjXmk7hsb'),
      );
    return socket;
  }

  it('may not all be in the middle of their handshake; when one ends, the next may come', () => {
    const taken = Array.from({ length: limits.MAX_INBOUND_PENDING_PER_ADDRESS }, () => knock());
    expect(taken).not.toContain(undefined);
    expect(knock()).toBeUndefined();
    expect(hits).toEqual(['inbound-pending']);
    expect(knock('192.168.1.3')).toBeDefined();
    taken[0]?.emit('close');
    expect(knock()).toBeDefined();
  });

  it('may not take the connections of all; when one ends, the next may come', () => {
    const taken = Array.from({ length: limits.MAX_INBOUND_PER_ADDRESS }, () => connection());
    expect(taken).not.toContain(undefined);
    expect(connection()).toBeUndefined();
    expect(hits).toEqual(['inbound-per-address']);
    expect(connection('192.168.1.3')).toBeDefined();
    taken[0]?.emit('close');
    expect(connection()).toBeDefined();
  });

  it('count until the system has let go of them, and are cut where their peer reads nothing more', () => {
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const beneath = Object.assign(new EventEmitter(), { closed: false, destroy: vi.fn() });
    const first = connection();
    Object.assign(first!, { socket: beneath });
    for (let i = 1; i < limits.MAX_INBOUND_PER_ADDRESS; i++) connection();
    first?.emit('close');
    expect(connection()).toBeUndefined();
    vi.advanceTimersByTime(limits.CONNECTION_CLOSE_TIMEOUT_MS);
    expect(beneath.destroy).toHaveBeenCalledOnce();
    beneath.emit('close');
    expect(connection()).toBeDefined();
  });

  it('may not come without end', () => {
    let taken = 0;
    for (let i = 0; i < limits.INBOUND_BURST + 50; i++) {
      const socket = connection();
      if (socket) taken += 1;
      socket?.emit('close');
    }
    expect(taken).toBeGreaterThanOrEqual(limits.INBOUND_BURST);
    expect(taken).toBeLessThan(limits.INBOUND_BURST + 50);
    expect(hits).toContain('inbound-rate');
  });

  it('are cut where one says more than a handshake has, and not once it is a connection', () => {
    const half = new Uint8Array(limits.MAX_HANDSHAKE_BYTES / 2);
    const endless = knock();
    for (let i = 0; i < 3; i++) endless?.onData(half);
    expect(endless?.taken).toHaveLength(2);
    expect(endless?.reason?.message).toMatch(/before the handshake was over/);
    expect(hits).toEqual(['handshake-bytes']);
    const honest = connection();
    for (let i = 0; i < 3; i++) honest?.onData(half);
    expect(honest?.taken).toHaveLength(3);
    expect(honest?.reason).toBeUndefined();
  });
});
