// How fast a new node takes a long chain, validated and on disk, and what it weighs meanwhile.
//
//   npm run bench -- sync [--quick] [--json]
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { median } from './report.js';
import { benchChain, copyOf } from './sync-chain.js';
import { BenchNode } from './sync-node.js';
import { moveRaw } from './sync-raw.js';
import { TutorialResolve } from './sync-tutorial.js';

/**
 * `dayBlocks`: one in ten seconds for a day, as `--mine` makes them. After them a node is left alone for `calmSeconds`: what is
 * garbage is collected by then.
 */
const FULL = { blocks: 100_000, manyBlocks: 500_000, dayBlocks: 8_640, calmSeconds: 60, runs: 5 };
const QUICK = { blocks: 20_000, manyBlocks: 20_000, dayBlocks: 500, calmSeconds: 1, runs: 1 };
const PEERS = 3;
/** What a node has allocated for its start has settled after this long, in ms. */
const REST_MS = 2_000;
const MAX_GROWN_MIB = 64;
const GROWTH = { most: MAX_GROWN_MIB, of: 'value' };

/** @param {{quick: boolean}} options @returns {Promise<import('./report.js').Report>} */
export async function measure({ quick }) {
  const home = await mkdtemp(join(tmpdir(), 'gossipchain-bench-sync-'));
  try {
    const { blocks, manyBlocks, dayBlocks, calmSeconds, runs } = quick ? QUICK : FULL;
    const speed = await measureSpeed(home, blocks, runs);
    const memory = await measureMemory(home, manyBlocks);
    const day = await measureDay(home, dayBlocks, calmSeconds);
    return { bench: 'sync', figures: [...speed, ...memory, ...day], notes: NOTES };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

const NOTES = [
  'A node is a process started by `gossipchain start`; its time runs from POST /nodes/register until /status shows the whole chain.',
  'Memory is VmHWM against VmRSS of the same node before; "own" is RssAnon, "mapped" RssFile (LevelDB reads its tables by mmap).',
];

async function measureSpeed(home, blocks, runs) {
  const chain = await benchChain(blocks);
  const { size } = await stat(join(chain.place, 'chain'));
  const samples = [];
  const tutorial = await TutorialResolve.start(chain.place);
  const peers = [];
  try {
    for (let i = 0; i < PEERS; i++)
      peers.push(await BenchNode.start(await copyOf(chain, join(home, `peer-${i}`))));
    for (let run = 0; run < runs; run++) {
      const python = await tutorial.run();
      const one = await joinAnew(home, peers.slice(0, 1), blocks);
      const published = await tutorial.runAsPublished();
      const raw = await moveRaw(size);
      const three = await joinAnew(home, peers, blocks);
      samples.push({ python, published, raw, one: one.ms, three: three.ms, ...one.memory });
    }
  } finally {
    tutorial.stop();
    await Promise.all(peers.map((peer) => peer.stop()));
  }
  const of = (key) => median(samples.map((sample) => sample[key]));
  const python = { what: 'tutorial’s resolve', value: of('python') };
  const count = blocks.toLocaleString('en');
  return [
    {
      what: `sync of ${count} blocks`,
      value: of('one'),
      unit: 'ms',
      baseline: python,
      must: { most: 1, of: 'ratio' },
    },
    {
      what: 'the same from one',
      value: of('one'),
      unit: 'ms',
      baseline: { what: 'tutorial’s resolve, as published', value: of('published') },
    },
    {
      what: 'the same from three peers',
      value: of('three'),
      unit: 'ms',
      baseline: { what: 'from one', value: of('one') },
    },
    {
      what: 'the same from one',
      value: of('one'),
      unit: 'ms',
      baseline: { what: 'its bytes over a libp2p stream', value: of('raw') },
    },
    { what: `peak memory in a sync of ${count}, over idle`, value: of('grown'), unit: 'MiB', must: GROWTH },
    { what: '  of it own, at its end', value: of('own'), unit: 'MiB' },
    { what: '  of it mapped, at its end', value: of('mapped'), unit: 'MiB' },
  ];
}

async function joinAnew(home, peers, blocks) {
  const directory = await mkdtemp(join(home, 'joiner-'));
  const joiner = await BenchNode.start(join(directory, 'data'));
  try {
    const { ms, ...memory } = await whileWeighing(joiner, async () => ({
      ms: await joiner.sync(peers, blocks),
    }));
    return { ms, memory };
  } finally {
    await joiner.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Whether memory stays as it is, however long the chain: while it comes, and while it is read. */
async function measureMemory(home, blocks) {
  const chain = await benchChain(blocks);
  const count = blocks.toLocaleString('en');
  const peer = await BenchNode.start(await copyOf(chain, join(home, 'long')));
  const joiner = await BenchNode.start(join(home, 'long-joiner'));
  try {
    const synced = await whileWeighing(joiner, async () => ({ ms: await joiner.sync([peer], blocks) }));
    await joiner.stop();
    await peer.stop();
    const python = await resolvedOnce(chain.place);
    const reader = await BenchNode.start(join(home, 'long'));
    try {
      const read = await whileWeighing(reader, () => reader.readChain());
      return [
        {
          what: `sync of ${count} blocks, once`,
          value: synced.ms,
          unit: 'ms',
          baseline: { what: 'tutorial’s resolve', value: python },
        },
        {
          what: `peak memory in a sync of ${count}, over idle`,
          value: synced.grown,
          unit: 'MiB',
          must: GROWTH,
        },
        { what: '  of it own, at its end', value: synced.own, unit: 'MiB' },
        { what: '  of it mapped, at its end', value: synced.mapped, unit: 'MiB' },
        {
          what: `peak memory in GET /chain of ${count}, over idle`,
          value: read.grown,
          unit: 'MiB',
          must: GROWTH,
        },
        { what: '  of it own, at its end', value: read.own, unit: 'MiB' },
        { what: '  of it mapped, at its end', value: read.mapped, unit: 'MiB' },
      ];
    } finally {
      await reader.stop();
    }
  } finally {
    await Promise.all([joiner.stop(), peer.stop()]);
  }
}

/** @returns {Promise<number>} ms */
async function resolvedOnce(place) {
  const tutorial = await TutorialResolve.start(place);
  try {
    return await tutorial.run();
  } finally {
    tutorial.stop();
  }
}

/** A day's blocks with a payment each, one after the other, at a difficulty that costs no time. */
async function measureDay(home, blocks, calmSeconds) {
  const node = await BenchNode.start(join(home, 'day'), ['--difficulty', '1']);
  try {
    const day = await whileWeighing(node, async () => {
      for (let i = 1; i <= blocks; i++) await node.pay(i);
    });
    const { length } = await node.status();
    if (length !== blocks + 1) throw new Error(`of ${blocks} blocks mined the chain has ${length - 1}`);
    await delay(1_000 * calmSeconds);
    const count = blocks.toLocaleString('en');
    return [
      {
        what: `peak memory in ${count} blocks mined, with a payment each, over idle`,
        value: day.grown,
        unit: 'MiB',
        must: GROWTH,
      },
      {
        what: `memory ${calmSeconds} s after them, over idle`,
        value: node.memory().all - day.idle,
        unit: 'MiB',
        must: GROWTH,
      },
    ];
  } finally {
    await node.stop();
  }
}

/** @returns what the task answers, and by how many MiB the node's memory grew meanwhile, from how many */
async function whileWeighing(node, task) {
  await delay(REST_MS);
  const idle = node.memory();
  node.forgetPeak();
  const result = await task();
  const { peak, own, mapped } = node.memory();
  return {
    ...result,
    idle: idle.all,
    grown: peak - idle.all,
    own: own - idle.own,
    mapped: mapped - idle.mapped,
  };
}
