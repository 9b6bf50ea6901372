import { EventEmitter } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Listener } from '@libp2p/interface';
import type { mdns } from '@libp2p/mdns';
import { multiaddr } from '@multiformats/multiaddr';
import { describe, expect, it } from 'vitest';
import { withSteadyAddresses } from '../../src/network/steady-addresses.js';
import { withSteadyInterfaces } from '../../src/network/steady-mdns.js';

describe('the addresses of a listener', () => {
  const listener = (bound: Partial<AddressInfo> | null, read: () => string[]) =>
    withSteadyAddresses({
      server: { address: () => bound },
      getAddrs: () => read().map((text) => multiaddr(text)),
    } as unknown as Listener);
  const fail = () => {
    throw new Error('uv_interface_addresses returned Unknown system error 1');
  };

  it('stay as they were where the system does not tell its interfaces', () => {
    let read = () => ['/ip4/10.99.0.1/tcp/4001'];
    const steady = listener({ family: 'IPv4', port: 4001 }, () => read());
    expect(steady.getAddrs().join()).toBe('/ip4/10.99.0.1/tcp/4001');
    read = fail;
    expect(steady.getAddrs().join()).toBe('/ip4/10.99.0.1/tcp/4001');
  });

  it('are those of loopback where it never told any, and none before it listens', () => {
    let read: () => string[] = () => [];
    const steady = listener({ family: 'IPv6', port: 4001 }, () => read());
    expect(steady.getAddrs()).toEqual([]);
    read = fail;
    expect(steady.getAddrs().join()).toBe('/ip6/::1/tcp/4001');
    expect(listener(null, fail).getAddrs()).toEqual([]);
  });
});

describe('mDNS', () => {
  type Discovery = ReturnType<ReturnType<typeof mdns>>;

  it('goes on where the system does not tell its interfaces, and says so', async () => {
    const socket = Object.assign(new EventEmitter(), {
      update: () => {
        throw new Error('no interfaces');
      },
    });
    const inside = { mdns: socket, start: async () => {} };
    withSteadyInterfaces(inside as unknown as Discovery);
    await inside.start();
    const warned = new Promise((resolve) => socket.once('warning', resolve));
    socket.update();
    expect(await warned).toMatchObject({ message: 'no interfaces' });
  });

  it('that cannot start says why', async () => {
    const inside = { start: () => Promise.reject(new Error('why')) };
    withSteadyInterfaces(inside as unknown as Discovery);
    await expect(inside.start()).rejects.toThrow('why');
  });
});
