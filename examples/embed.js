/**
 * The library in a program of your own: two nodes in one process that connect by address, and agree.
 *
 *     node examples/embed.js
 */
import { once } from 'node:events';
import { createNetwork, createNode } from 'gossipchain';

// Nodes meet only in the same network: the same name, difficulty and first block.
const network = createNetwork({ name: 'embedded', difficulty: 3 });
// On loopback and without mDNS nobody else sees them; without a dataDir all is gone at the end.
const options = { network, mdns: false, listen: ['/ip4/127.0.0.1/tcp/0'] };
const alice = createNode({ ...options, name: 'alice' });
const bob = createNode({ ...options, name: 'bob' });

for (const node of [alice, bob]) {
  node.on('peer', ({ change }) => console.log(`${node.name}: a peer ${change}`));
  node.on('block', ({ block, source }) => console.log(`${node.name}: block ${block.index} (${source})`));
}

try {
  await alice.start();
  await bob.start();
  await bob.connect(alice.addresses()[0]);

  const bobHasIt = once(bob, 'block');
  await alice.mine();
  await bobHasIt;

  const aliceHasIt = once(alice, 'block');
  await bob.send({ sender: 'bob', recipient: 'alice', amount: 5 });
  const block = await bob.mine();
  await aliceHasIt;

  for (const { sender, recipient, amount } of block.transactions) {
    console.log(
      `in block ${block.index}: ${amount} from ${sender === '0' ? 'the network' : sender} to ${recipient}`,
    );
  }
  const [one, other] = [alice, bob].map((node) => node.status().head.hash);
  if (one !== other) throw new Error(`alice has the head ${one}, bob ${other}`);
  console.log(`both have the head ${one}`);
} finally {
  await bob.stop();
  await alice.stop();
}
