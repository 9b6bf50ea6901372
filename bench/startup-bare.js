// Bare libp2p, with the transports and services of a node: no chain, no store, no control API.
import '../dist/src/network/with-resolvers.js';
import { gossipsub } from '@chainsafe/libp2p-gossipsub';
import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { identify } from '@libp2p/identify';
import { ping } from '@libp2p/ping';
import { tcp } from '@libp2p/tcp';
import { createLibp2p } from 'libp2p';

const host = await createLibp2p({
  addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  services: { identify: identify(), ping: ping(), pubsub: gossipsub() },
});
process.on('SIGTERM', async () => {
  await host.stop();
  process.exit(0);
});
console.log(`${host.getMultiaddrs()}\nCtrl-C stops it.`);
