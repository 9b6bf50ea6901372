/**
 * A whole network on one machine: the nodes find each other by mDNS, and tell each other of the rest; they send, mine, and
 * agree. Ends with a table of when each node had each block.
 *
 *     npm run demo -- --nodes 5
 */
import { randomUUID } from 'node:crypto';
import { Arrivals } from './lan-demo/arrivals.js';
import { readSettings, USAGE } from './lan-demo/settings.js';
import { endEarly, interruption, NodeProcess, until } from './node-process.js';

const settings = readOrComplain();
if (settings !== undefined) await main(settings);

function readOrComplain() {
  try {
    const read = readSettings(process.argv.slice(2));
    if (!read.help) return read;
    console.log(USAGE);
  } catch (error) {
    console.error(`${error.message.split('\n')[0]}\n\n${USAGE}`);
    process.exitCode = 2;
  }
}

async function main({ nodes: count, blocks, difficulty }) {
  const signal = interruption();

  // A network of its own for each run: it mixes with nobody, not even with another demo on this LAN.
  const network = `demo-${randomUUID().slice(0, 8)}`;
  const options = ['--port', '0', '--network', network, '--difficulty', `${difficulty}`];
  console.log(`Starting ${plural(count, 'node')} of the network ${network}, difficulty ${difficulty}.`);
  const nodes = Array.from(
    { length: count },
    (_, i) => new NodeProcess(...options, '--name', `node ${i + 1}`),
  );
  try {
    await demonstrate(nodes, blocks, signal);
  } catch (error) {
    endEarly(error, signal);
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
  }
}

async function demonstrate(nodes, rounds, signal) {
  await meet(nodes, signal);
  const arrivals = await record(nodes, signal);
  for (let round = 1; round < rounds; round++) {
    const [sender, miner] = [nodeAt(nodes, round - 1), nodeAt(nodes, round)];
    await send(nodes, sender, round, signal);
    const { index } = await miner.get('/mine', signal);
    console.log(`${miner.name} mined block ${index}.`);
    await agree(nodes, signal);
  }
  await race(nodes, signal);

  const { length, head } = await agree(nodes, signal);
  await until(() => arrivals.complete(head), 'every node told that it has the last block', signal);
  console.log('\nWhen each node had each block, in ms after it was mined (by the time in its own event):\n');
  console.log(`${arrivals}\n`);
  console.log(`Every head is equal: ${plural(length, 'block')}, head ${head}`);
}

/** Waits until every node is connected to every other one. */
async function meet(nodes, signal) {
  await Promise.all(nodes.map((node) => node.ready(signal)));
  const ready = Date.now();
  for (const [i, node] of nodes.entries()) {
    node.name = `node ${i + 1}`;
    console.log(`  ${node.name.padEnd(7)}  ${node.url}`);
  }
  const others = nodes.length - 1;
  await untilEach(
    nodes,
    ({ peers }) => peers === others,
    `was connected to the ${plural(others, 'other')}`,
    signal,
  );
  console.log(`All are connected to all, ${Date.now() - ready} ms after the last was ready.\n`);
}

/** From here on, what the nodes tell of their blocks is taken down. */
async function record(nodes, signal) {
  const arrivals = new Arrivals(nodes.length);
  const streams = await Promise.all(nodes.map((node) => node.events(signal)));
  for (const [i, events] of streams.entries()) {
    follow(events, (event) => arrivals.record(i + 1, event)).catch(() => {
      // The node has ended, as all do when the demo is over; before that, the next call to it says so.
    });
  }
  return arrivals;
}

async function follow(events, take) {
  for await (const event of events) take(event);
}

/** Sends a transaction at one node and waits until it is pending at all. */
async function send(nodes, sender, amount, signal) {
  await sender.post('/transactions/new', { sender: sender.name, recipient: 'bob', amount }, signal);
  await untilEach(nodes, ({ pending }) => pending === 1, 'had the transaction', signal);
  console.log(`A transaction sent at ${sender.name} is pending at all.`);
}

/** Two nodes mine at once. Where both find a block, the next one decides which of the two stays. */
async function race(nodes, signal) {
  const [first, second] = [nodeAt(nodes, 0), nodeAt(nodes, -1)];
  if (first === second) {
    const { index } = await first.get('/mine', signal);
    console.log(`${first.name} mined block ${index}.`);
    return;
  }
  const [one, other] = await Promise.all([first, second].map((node) => node.get('/mine', signal)));
  console.log(`${first.name} and ${second.name} mined at once: blocks ${one.index} and ${other.index}.`);
  if (one.index !== other.index) return;
  const { index } = await first.get('/mine', signal);
  console.log(`A tie: ${first.name} mined block ${index} to decide it.`);
}

/** Waits until all nodes have the same head, and returns what they then say. */
async function agree(nodes, signal) {
  return await until(
    async () => {
      const [first, ...others] = await Promise.all(nodes.map((node) => node.get('/status', signal)));
      return others.every(({ head }) => head === first.head) && first;
    },
    'every node had the same head',
    signal,
  );
}

/** Waits until it has held of every node's status; one node after the other, so as not to keep them from their work. */
async function untilEach(nodes, holds, what, signal) {
  for (const node of nodes) {
    await until(async () => holds(await node.get('/status', signal)), `${node.name} ${what}`, signal);
  }
}

function nodeAt(nodes, i) {
  return nodes.at(i % nodes.length);
}

function plural(count, noun) {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
