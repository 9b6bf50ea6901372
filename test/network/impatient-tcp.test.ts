import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { ComponentLogger, Connection, Logger, MultiaddrConnection, Upgrader } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CONNECT_TIMEOUT_MS } from '../../src/network/constants.js';
import { impatientTcp } from '../../src/network/impatient-tcp.js';
import { ISOLATED } from './support.js';

const log: Logger = Object.assign(() => {}, { error() {}, trace() {}, enabled: false, newScope: () => log });
const logger: ComponentLogger = { forComponent: () => log };

describe.skipIf(!ISOLATED)('TCP', () => {
  afterEach(() => void vi.useRealTimers());

  it('gives whoever has answered the time that its handshake takes', async () => {
    await using server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(server, 'listening');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const handshake = Promise.withResolvers<Connection>();
    const connected = Promise.withResolvers<{ socket: MultiaddrConnection; signal: AbortSignal }>();
    const upgradeOutbound: Upgrader['upgradeOutbound'] = (socket, { signal }) => {
      connected.resolve({ socket, signal: signal as AbortSignal });
      return handshake.promise;
    };
    const dialled = impatientTcp({ logger }).dial(
      multiaddr(`/ip4/127.0.0.1/tcp/${(server.address() as AddressInfo).port}`),
      { signal: new AbortController().signal, upgrader: { upgradeOutbound } as Upgrader },
    );
    const { socket, signal } = await connected.promise;
    await vi.advanceTimersByTimeAsync(2 * CONNECT_TIMEOUT_MS);
    expect(signal.aborted).toBe(false);
    const connection = {} as Connection;
    handshake.resolve(connection);
    expect(await dialled).toBe(connection);
    socket.abort(new Error('over'));
  });
});
