import { once } from 'node:events';
import net, { type AddressInfo, createServer } from 'node:net';
import type { ComponentLogger, Connection, Logger, MultiaddrConnection, Upgrader } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { CONNECT_TIMEOUT_MS } from '../../src/network/constants.js';
import { impatientTcp } from '../../src/network/impatient-tcp.js';
import { collectGarbage } from '../helpers/garbage.js';
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

  it('gives up soon on whoever does not answer, and lets go of its socket', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const socket = new net.Socket(); // of which nobody ever hears
    const connect = vi.spyOn(net, 'connect').mockReturnValue(socket);
    onTestFinished(() => connect.mockRestore());
    let end: unknown;
    const { signal } = new AbortController();
    impatientTcp({ logger })
      .dial(multiaddr('/ip4/127.0.0.1/tcp/1'), { signal, upgrader: {} as Upgrader })
      .then(
        (connection) => (end = connection),
        (error) => (end = error),
      );
    await vi.advanceTimersByTimeAsync(CONNECT_TIMEOUT_MS - 1);
    expect(connect).toHaveBeenCalledOnce();
    expect(end).toBe(undefined);
    expect(socket.destroyed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(end).toMatchObject({ name: 'AbortError' });
    expect(socket.destroyed).toBe(true);
  });

  it('holds nothing of a connection that has ended, though its caller goes on', async () => {
    await using server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const caller = new AbortController();
    const dialled = async (): Promise<WeakRef<MultiaddrConnection>> => {
      let ended: WeakRef<MultiaddrConnection> | undefined;
      const upgradeOutbound: Upgrader['upgradeOutbound'] = async (socket) => {
        ended = new WeakRef(socket);
        socket.abort(new Error('over'));
        return {} as Connection;
      };
      const address = multiaddr(`/ip4/127.0.0.1/tcp/${(server.address() as AddressInfo).port}`);
      const upgrader = { upgradeOutbound } as Upgrader;
      await impatientTcp({ logger }).dial(address, { signal: caller.signal, upgrader });
      return ended as WeakRef<MultiaddrConnection>;
    };
    const ended = await dialled();
    const isHeld = () => {
      collectGarbage();
      return ended.deref() !== undefined;
    };
    await expect.poll(isHeld, { timeout: 10_000 }).toBe(false);
    caller.abort();
  });
});
