/**
 * The tutorial's own session, call by call: first with one node, then with two that know of each other only what they
 * are told. They take the first free ports from 5000 on.
 *
 *     node examples/tutorial-walkthrough.js
 */
import { endEarly, interruption, NodeProcess } from './node-process.js';

// Nobody else shall see these nodes, nor they anybody.
const ALONE = ['--no-mdns', '--listen', '/ip4/127.0.0.1/tcp/0'];

const signal = interruption();
const running = [];
try {
  await oneNode();
  await twoNodes();
} catch (error) {
  endEarly(error, signal);
} finally {
  await stopAll();
}

async function oneNode() {
  title('One node: mine, send, and see the chain');
  const node = await start();
  await get(node, '/mine');
  await post(node, '/transactions/new', { sender: 'alice', recipient: 'bob', amount: 5 });
  await get(node, '/mine');
  await get(node, '/chain');
  await stopAll();
}

async function twoNodes() {
  title('Two nodes apart, and the longer chain wins');
  const [ours, theirs] = [await start('--manual'), await start('--manual')];
  await post(ours, '/nodes/register', { nodes: [theirs.url] });
  say('Two blocks on one, three on the other:');
  for (const node of [ours, ours, theirs, theirs, theirs]) await get(node, '/mine');
  say('Now each asks the other:');
  await get(ours, '/nodes/resolve');
  await get(theirs, '/nodes/resolve');
}

async function start(...options) {
  const node = new NodeProcess(...ALONE, ...options);
  running.push(node);
  await node.ready(signal);
  say(`A node answers at ${node.url}`);
  return node;
}

async function stopAll() {
  await Promise.all(running.splice(0).map((node) => node.stop()));
}

async function get(node, path) {
  console.log(`$ curl ${node.url}${path}`);
  show(await node.request(path, { signal }));
}

async function post(node, path, body) {
  const headers = { 'content-type': 'application/json' };
  const text = JSON.stringify(body);
  console.log(`$ curl -X POST -H 'Content-Type: application/json' -d '${text}' ${node.url}${path}`);
  show(await node.request(path, { method: 'POST', headers, body: text, signal }));
}

/** As curl prints it, but each block of a chain on a line of its own. */
function show(answer) {
  console.log(`${answer.replaceAll(/(\[|,) ?(\{"index": )/g, '$1\n  $2')}\n`);
}

function say(text) {
  console.log(`${text}\n`);
}

function title(text) {
  console.log(`${text}\n${'='.repeat(text.length)}\n`);
}
