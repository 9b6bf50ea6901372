// How soon the control API answers, and how late the event loop is: at rest, while all cores search for a proof, and while
// 100,000 blocks are synced; beside bare Fastify.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeEndlessChain } from './api-chain.js';
import { CALLS, load } from './api-load.js';
import { quantile } from './report.js';
import { ALONE, GOSSIPCHAIN, StartedProcess } from './startup-process.js';
import { benchChain, copyOf, NETWORK_NAME } from './sync-chain.js';

const SETTINGS = { ms: 10_000, syncs: 3, blocks: 100_000 };
const QUICK = { ms: 1_000, syncs: 1, blocks: 10_000 };
const OWN_BLOCKS = 1_000;
/** Figures of the first calls are of a cold program: thrown away, in ms. */
const WARM_UP_MS = 1_000;
const BARE = fileURLToPath(new URL('api-bare.js', import.meta.url));
const PROBE = new URL('api-probe.js', import.meta.url).href;

/** @returns {Promise<import('./report.js').Report>} */
export async function measure({ quick }) {
  const settings = quick ? QUICK : SETTINGS;
  const directory = await mkdtemp(join(tmpdir(), 'gossipchain-bench-'));
  try {
    const data = join(directory, 'data');
    await mkdir(data);
    await makeEndlessChain(data, OWN_BLOCKS);
    const threads = ['--threads', `${availableParallelism()}`];
    const network = ['--network', 'bench-api', '--difficulty', '16'];
    const bare = await atRestAndMining([BARE], directory, settings);
    const node = await atRestAndMining(startArgs(data, ...network, ...threads), directory, settings);
    return report({ ...node, syncing: await whileSyncing(directory, settings) }, bare);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function startArgs(data, ...more) {
  return [GOSSIPCHAIN, 'start', ...ALONE, '--data-dir', data, '--log-level', 'warn', ...more];
}

/** @param {string[]} args - of a process that answers the calls, and searches on all cores once it is asked to mine */
async function atRestAndMining(args, home, { ms }) {
  const served = await startProbed(args, home);
  try {
    const atRest = await seen(served, ms);
    const never = new AbortController();
    const mining = fetch(`${served.url}/mine`, { signal: never.signal }).catch((error) => error);
    const whileMining = await seen(served, ms);
    never.abort();
    if ((await mining).name !== 'AbortError') throw new Error('a proof was found, or the search failed');
    return { atRest, mining: whileMining };
  } finally {
    await served.end();
  }
}

/** Several nodes, one after the other, each from its first block to its last. */
async function whileSyncing(directory, { syncs, blocks }) {
  const network = ['--network', NETWORK_NAME];
  const data = await copyOf(await benchChain(blocks), join(directory, 'source'));
  const source = await StartedProcess.start(startArgs(data, ...network), directory);
  const rounds = [];
  try {
    const { addresses } = await (await fetch(`${source.url}/status`)).json();
    for (let round = 0; round < syncs; round++) {
      const node = await startProbed(startArgs(join(directory, `synced-${round}`), ...network), directory);
      try {
        rounds.push(await sync(node, addresses[0], blocks));
      } finally {
        await node.end();
      }
    }
  } finally {
    await source.end();
  }
  const all = (path) => rounds.flatMap(({ times }) => times[path]);
  return {
    times: Object.fromEntries(Object.keys(CALLS).map((path) => [path, all(path)])),
    loop: Object.fromEntries(
      Object.keys(rounds[0].loop).map((key) => [key, Math.max(...rounds.map(({ loop }) => loop[key]))]),
    ),
  };
}

async function sync(node, address, blocks) {
  await load(node.url, endsAfter(WARM_UP_MS));
  await node.ask();
  const registered = await fetch(`${node.url}/nodes/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ nodes: [address] }),
  });
  if (!registered.ok) throw new Error(await registered.text());
  let synced = false;
  const watched = untilLength(node.url, blocks).then(() => {
    synced = true;
  });
  const times = await load(node.url, () => !synced);
  await watched;
  return { times, loop: await node.ask() };
}

async function untilLength(url, blocks) {
  for (;;) {
    const { length } = await (await fetch(`${url}/status`)).json();
    if (length >= blocks) return;
    await new Promise((next) => setTimeout(next, 50));
  }
}

async function seen(served, ms) {
  await load(served.url, endsAfter(WARM_UP_MS));
  await served.ask();
  const times = await load(served.url, endsAfter(ms));
  return { times, loop: await served.ask() };
}

function endsAfter(ms) {
  const until = performance.now() + ms;
  return () => performance.now() < until;
}

function startProbed(args, home) {
  return StartedProcess.start(['--import', PROBE, ...args], home, ['ignore', 'pipe', 'pipe', 'ipc']);
}

const SITUATIONS = { atRest: 'at rest', mining: 'all cores searching', syncing: 'syncing' };
const LOOP_P99_MS = 20;

function report(node, bare) {
  const figures = Object.keys(SITUATIONS).flatMap((situation) =>
    Object.keys(CALLS).flatMap((path) => [0.5, 0.99].map((q) => answered(node, bare, situation, path, q))),
  );
  for (const [situation, name] of Object.entries(SITUATIONS)) {
    figures.push({
      what: `event loop late by, p99, ${name}`,
      value: node[situation].loop.p99,
      unit: 'ms',
      baseline: besideLoop(bare, situation),
      must: { most: LOOP_P99_MS, of: 'value' },
    });
  }
  return {
    bench: 'api',
    figures,
    notes: [
      `${Object.values(node)
        .map(
          ({ times }, at) =>
            `${Object.values(SITUATIONS)[at]}: ${Math.min(...Object.values(times).map((all) => all.length))} calls of each kind`,
        )
        .join('; ')}.`,
      `Longest: ${Object.entries(SITUATIONS)
        .map(([key, name]) => `${name} ${node[key].loop.max.toFixed(1)} ms`)
        .join(', ')}.`,
    ],
  };
}

/** A bare server cannot sync: what stands beside a node that does is the node at rest. */
function answered(node, bare, situation, path, q) {
  const beside = situation === 'syncing' ? node.atRest : bare[situation];
  return {
    what: `${path}, ${SITUATIONS[situation]}, p${q * 100}`,
    value: quantile(node[situation].times[path], q),
    unit: 'ms',
    baseline: {
      what: situation === 'syncing' ? 'the same at rest' : `bare Fastify, ${SITUATIONS[situation]}`,
      value: quantile(beside.times[path], q),
    },
  };
}

function besideLoop(bare, situation) {
  const { loop } = bare[situation] ?? bare.atRest;
  return { what: `bare Fastify, ${SITUATIONS[bare[situation] ? situation : 'atRest']}`, value: loop.p99 };
}
