/**
 * A board for a room: watches one node, or several, and tells of each block who found it and when it was where. Ctrl-C
 * ends it with a table.
 *
 *     node examples/lan-room.js                                             # this machine's own node
 *     node examples/lan-room.js --mine 100 --token T http://10.0.0.1:5000 http://10.0.0.2:5000
 */
import { parseArgs } from 'node:util';
import { Board } from './lan-room/board.js';
import { RemoteNode } from './lan-room/remote-node.js';
import { interruption, until } from './node-process.js';

/** Where a node's control API is, unless something else has that port. */
const OWN = 'http://127.0.0.1:5000';
/** A node that has not told its chain by then, in ms, is waited for no longer. */
const CHAIN_MS = 10_000;

const USAGE = `Usage: node examples/lan-room.js [--mine COUNT] [--token TOKEN] [URL …]

  URL             control API of a node to watch, as it printed it (default: ${OWN})
  --mine COUNT    has the nodes mine so many blocks in turn, and ends then; otherwise Ctrl-C does
  --token TOKEN   of the control APIs: those that others may reach ask for one`;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      mine: { type: 'string' },
      token: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) console.log(USAGE);
  else await main(positionals, values);
} catch (error) {
  console.error(error.message.split('\n')[0]);
  process.exit(1); // the events of the nodes that do answer would keep it running
}

async function main(urls, { mine, token }) {
  if (mine !== undefined && !/^[1-9]\d{0,4}$/.test(mine))
    throw new Error(`--mine must be a number of blocks, not "${mine}"`);
  const signal = interruption();
  const nodes = (urls.length === 0 ? [OWN] : urls).map((url) => new RemoteNode(url, token));
  const board = new Board(nodes.length);
  let lengths;
  let failure;
  try {
    lengths = await Promise.all(nodes.map((node, i) => follow(node, i, board, signal)));
    if (mine === undefined) await new Promise((end) => signal.addEventListener('abort', end));
    else await mineInTurn(nodes, Number(mine), board, signal);
  } catch (error) {
    if (!signal.aborted && lengths === undefined) throw urls.length === 0 ? guessed(error) : error;
    if (!signal.aborted) failure = error;
  }
  if (lengths !== undefined) await countFinders(nodes[0], lengths[0] + 1, board);
  console.log(`\n${board}`);
  // What was seen until then is not lost for what ends it.
  if (failure !== undefined) throw failure;
  process.exit();
}

function guessed({ message }) {
  return new Error(`${message.split('\n')[0]}; name the address that your node printed`);
}

/** Resolves with the length of its chain when the node is being watched. */
async function follow(node, number, board, signal) {
  const { name, peer_id, peers, length } = await node.get('/status', signal);
  board.met(peer_id, name);
  board.watches(number, name);
  for (const peer of await node.get('/peers', signal)) board.met(peer.peer_id, peer.name);
  console.log(`${name}: ${peers} ${peers === 1 ? 'peer' : 'peers'} (${node.url})`);
  const events = await node.events(signal);
  const watch = async () => {
    for await (const event of events) {
      for (const line of board.record(number, event)) console.log(line);
    }
  };
  watch().catch((error) => {
    if (signal.aborted) return;
    console.error(`${name} is watched no longer: ${error.message}`);
  });
  return length;
}

async function mineInTurn(nodes, count, board, signal) {
  for (let i = 0; i < count; i++) {
    const { index } = await nodes[i % nodes.length].get('/mine', signal);
    await until(() => board.isEverywhere(index), `every node had block ${index}`, signal);
  }
}

/** @param from the index of the first block that was found while the board watched */
async function countFinders(node, from, board) {
  try {
    // With a time of its own: what had it watch is over by now.
    const { chain } = await node.get(`/chain?from=${from}`, AbortSignal.timeout(CHAIN_MS));
    board.found(chain);
  } catch (error) {
    console.error(`Who found them is not known: ${error.message}`);
  }
}
