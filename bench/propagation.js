// From mined to on every one of ten nodes, beside bare gossipsub: as many processes, connected in the same way, with the
// same settings and messages of the same size, in turns with the nodes.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { quantile } from './report.js';
import { Room } from './room.js';

const NODES = 10;
const WARM_UP = 10;
const BLOCKS = 200;
const QUICK_BLOCKS = 20;
/** The copies that follow a block or message are gone by then, in ms: they must not meet the next turn's. */
const SETTLE_MS = 150;

/** @returns {Promise<import('./report.js').Report>} */
export async function measure({ quick }) {
  const directory = await mkdtemp(join(tmpdir(), 'gossipchain-bench-'));
  const nodes = new Room();
  const bare = new Room();
  try {
    const settings = Array.from({ length: NODES }, (_, at) => ({
      dataDir: join(directory, `${at}`),
      mdns: false,
    }));
    await nodes.start('room-node.js', settings);
    await bare.start('room-bare.js', settings);
    await Promise.all([nodes.connect(), bare.connect()]);
    await inTurns(nodes, bare, WARM_UP);
    return report(await inTurns(nodes, bare, quick ? QUICK_BLOCKS : BLOCKS));
  } finally {
    await Promise.all([nodes.stop(), bare.stop()]);
    await rm(directory, { recursive: true, force: true });
  }
}

/** A block, then a bare message of its size, and so on; each sent by the next in the room. */
async function inTurns(nodes, bare, count) {
  const spreads = { nodes: [], bare: [] };
  for (let i = 0; i < count; i++) {
    const block = await nodes.spread(i % NODES);
    await delay(SETTLE_MS);
    const message = await bare.spread(i % NODES, block.bytes);
    await delay(SETTLE_MS);
    spreads.nodes.push(block.ms);
    spreads.bare.push(message.ms);
  }
  return spreads;
}

function report({ nodes, bare }) {
  const figure = (what, q, must) => ({
    what: `a block on all of ${NODES} nodes, ${what}`,
    value: quantile(nodes, q),
    unit: 'ms',
    baseline: { what: 'bare gossipsub', value: quantile(bare, q) },
    ...(must === undefined ? {} : { must }),
  });
  return {
    bench: 'propagation',
    figures: [figure('p50', 0.5), figure('p99', 0.99, { most: 2, of: 'ratio' })],
    notes: [`${nodes.length} blocks; from stored at its miner to stored and head at the last of the others.`],
  };
}
