// A process with bare gossipsub on libp2p: the host's and the protocol's own settings, and nothing that judges or keeps.
import '../dist/src/network/with-resolvers.js';
import { randomBytes } from 'node:crypto';
import { gossipsub } from '@chainsafe/libp2p-gossipsub';
import { noise } from '@chainsafe/libp2p-noise';
import { identify } from '@libp2p/identify';
import { ping } from '@libp2p/ping';
import { tcp } from '@libp2p/tcp';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { gossipsubOptions } from '../dist/protocols/gossip/options.js';
import { topics } from '../dist/protocols/gossip/topics.js';
import * as limits from '../dist/src/network/constants.js';
import { muxer } from '../dist/src/network/muxer.js';
import { now, saw, serve } from './room-child.js';

const NETWORK_ID = '0123456789abcdef';
const { blocks: topic } = topics(NETWORK_ID);

const host = await createLibp2p({
  addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [muxer()],
  connectionManager: {
    inboundConnectionThreshold: limits.MAX_INBOUND_PER_SECOND,
    maxIncomingPendingConnections: limits.MAX_INBOUND_PENDING,
  },
  connectionMonitor: { enabled: false },
  services: { identify: identify(), ping: ping(), pubsub: gossipsub(gossipsubOptions(NETWORK_ID)) },
});
const { pubsub } = host.services;

/** A message's first bytes stand for it. */
const keyOf = (data) => Buffer.from(data.subarray(0, 16)).toString('hex');

pubsub.addEventListener('message', ({ detail }) => saw(keyOf(detail.data)));
pubsub.subscribe(topic);

serve({
  address: () => String(host.getMultiaddrs()[0]),
  connect: async (addresses) => {
    for (const address of addresses) await host.dial(multiaddr(address));
  },
  peers: () => ({ count: pubsub.getSubscribers(topic).length }),
  send: async (bytes) => {
    const data = randomBytes(bytes);
    const at = now();
    await pubsub.publish(topic, data);
    return { key: keyOf(data), at, bytes };
  },
});
