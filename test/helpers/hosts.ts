/** Two libp2p hosts with what this network speaks, ended with their test. */
import { onTestFinished } from 'vitest';
import { createHost, type Host } from '../../src/network/host.js';
import { ephemeralKey } from '../../src/network/identity.js';
import { NETWORK_ID } from '../network/support.js';

/** They listen, and know nothing of each other. */
export async function startTwoHosts(): Promise<[Host, Host]> {
  const hosts = await makeTwoHosts();
  await Promise.all(hosts.map((host) => host.start()));
  return hosts;
}

/** Set up and not started, for what must be there before the first connection. */
export async function makeTwoHosts(): Promise<[Host, Host]> {
  return [await makeHost(), await makeHost()];
}

async function makeHost(): Promise<Host> {
  const host = await createHost({
    networkId: NETWORK_ID,
    version: '0',
    nickname: '',
    privateKey: await ephemeralKey(),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    denies: () => false,
  });
  onTestFinished(() => host.stop());
  return host;
}
