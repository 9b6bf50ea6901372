/** What a peer says of itself is taken up to a bound: libp2p goes through it at every stream. */
import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { identify } from '@libp2p/identify';
import { tcp } from '@libp2p/tcp';
import { createLibp2p } from 'libp2p';
import { expect, it, onTestFinished } from 'vitest';
import { MAX_ADDRESSES_PER_PEER, MAX_PROTOCOLS_PER_PEER } from '../../src/network/constants.js';
import { startTwoHosts } from '../helpers/hosts.js';

it('of a peer that claims hundreds of addresses and protocols a few are kept', async () => {
  const [host] = await startTwoHosts();
  const stranger = await createLibp2p({
    addresses: {
      listen: ['/ip4/127.0.0.1/tcp/0'],
      appendAnnounce: Array.from({ length: 200 }, (_, at) => `/ip4/10.0.0.${at}/tcp/4001`),
    },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify() },
  });
  onTestFinished(() => stranger.stop());
  for (let number = 0; number < 100; number++) await stranger.handle(`/made-up/${number}`, () => {});
  const identified = new Promise<number>((resolve) => {
    host.addEventListener('peer:identify', ({ detail }) => {
      if (detail.peerId.equals(stranger.peerId)) resolve(detail.listenAddrs.length);
    });
  });
  const address = stranger.getMultiaddrs().find((each) => each.toString().includes('/127.0.0.1/'));
  await host.dial(address!);
  expect(await identified).toBeGreaterThan(MAX_ADDRESSES_PER_PEER);
  const { addresses, protocols } = await host.peerStore.get(stranger.peerId);
  expect(addresses.length).toBeLessThanOrEqual(MAX_ADDRESSES_PER_PEER + 1);
  expect(protocols).toHaveLength(MAX_PROTOCOLS_PER_PEER);
});
