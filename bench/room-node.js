// A process with one of our nodes, as a program that embeds it has it; its chain is on disk.
import { createNode } from '../dist/src/index.js';
import { BENCH_NETWORK } from './chain.js';
import { now, saw, serve } from './room-child.js';

/** `fetches`: it is to take a long chain, and telling of each block would be measured with it. */
const { dataDir, mdns, fetches } = JSON.parse(process.argv[2]);
const node = createNode({
  dataDir,
  mdns,
  network: BENCH_NETWORK,
  listen: [mdns ? '/ip4/0.0.0.0/tcp/0' : '/ip4/127.0.0.1/tcp/0'],
  // As a node does by itself; where addresses are given, nobody is to dial anybody else.
  sharePeers: mdns,
  threads: 1,
});

let mined;
let syncedAt;
node.on('block', ({ block, source }) => {
  // In our own the event comes when the block is stored, before it is published.
  if (source === 'own') mined = { key: block.hash, at: now(), bytes: block.bytes.length };
  else if (fetches) syncedAt = now();
  else saw(block.hash);
});
let metAt;
node.on('peer', () => {
  metAt = now();
});
await node.start();

serve({
  address: () => node.addresses()[0],
  connect: async (addresses) => {
    for (const address of addresses) await node.connect(address);
  },
  peers: () => ({ count: node.peers().length, at: metAt }),
  chain: () => ({ length: node.status().head.length, at: syncedAt }),
  send: async () => {
    await node.mine();
    return mined;
  },
});
