import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHost, type Host } from '../../src/network/host.js';
import { ephemeralKey } from '../../src/network/identity.js';
import { ISOLATED, NETWORK_ID } from './support.js';

function once(host: Host, name: 'peer:identify'): Promise<void> {
  return new Promise((resolve) => host.addEventListener(name, () => resolve(), { once: true }));
}

describe.skipIf(!ISOLATED)('the muxer', () => {
  let hosts: [Host, Host];
  const uncaught: unknown[] = [];
  const note = (error: unknown) => void uncaught.push(error);
  const others = process.listeners('uncaughtException');
  beforeEach(async () => {
    const make = async () =>
      createHost({
        networkId: NETWORK_ID,
        version: '0',
        nickname: '',
        privateKey: await ephemeralKey(),
        listen: ['/ip4/127.0.0.1/tcp/0'],
        denies: () => false,
      });
    hosts = [await make(), await make()];
    await Promise.all(hosts.map((host) => host.start()));
    uncaught.length = 0;
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', note);
  });
  afterEach(async () => {
    await Promise.all(hosts.map((host) => host.stop()));
    process.removeListener('uncaughtException', note);
    for (const other of others) process.on('uncaughtException', other);
  });

  it.each(['abort', 'close'] as const)(
    'outlives a connection that ends while a stream is being opened: %s',
    async (how) => {
      const [a, b] = hosts;
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
});
