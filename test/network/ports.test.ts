import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, it } from 'vitest';
import { listenAddresses, NO_PORT_MEMORY } from '../../src/network/ports.js';

/** Not every container has any. */
const HAS_IPV6 = Object.values(networkInterfaces())
  .flat()
  .some((address) => address?.family === 'IPv6');

/** A port that is free now for both. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen({ host: '::', port: 0 }, resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

it.skipIf(!HAS_IPV6)(
  'all addresses of IPv4 and all of IPv6 may be listened on at one port, given or remembered',
  async () => {
    const port = await freePort();
    const both = [`/ip4/0.0.0.0/tcp/${port}`, `/ip6/::/tcp/${port}`];
    expect(await listenAddresses(both, NO_PORT_MEMORY)).toEqual(both);
    const remembering = { ...NO_PORT_MEMORY, get: async () => port };
    expect(await listenAddresses(['/ip4/0.0.0.0/tcp/0', '/ip6/::/tcp/0'], remembering)).toEqual(both);
  },
);
