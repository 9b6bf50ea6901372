// From spawn to ready, and to stopped; beside bare libp2p, as it is and bundled as the program is, in turns.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { median } from './report.js';
import { ALONE, GOSSIPCHAIN, StartedProcess, timeCommand } from './startup-process.js';
import { benchChain, copyOf, NETWORK_NAME } from './sync-chain.js';

const RUNS = 15;
const BLOCKS = 500_000;
const QUICK = { runs: 3, blocks: 5_000 };
/** What is left of starting is over by then, in ms: timers have run once, and so has the garbage collector. */
const IDLE_MS = 1500;

/** @returns {Promise<import('./report.js').Report>} */
export async function measure({ quick }) {
  const { runs, blocks } = quick ? QUICK : { runs: RUNS, blocks: BLOCKS };
  const directory = await mkdtemp(join(tmpdir(), 'gossipchain-bench-'));
  try {
    const bare = fileURLToPath(new URL('startup-bare.js', import.meta.url));
    const bundledBare = join(directory, 'bare.mjs');
    await bundle(bare, bundledBare);
    const long = await copyOf(await benchChain(blocks), join(directory, 'long'));
    const home = join(directory, 'home');
    await keepCompiled(home);
    const contenders = {
      node: () => [GOSSIPCHAIN, 'start', ...ALONE, '--ephemeral'],
      disk: (run) => [GOSSIPCHAIN, 'start', ...ALONE, '--data-dir', join(directory, `data-${run}`)],
      first: () => [GOSSIPCHAIN, 'start', ...ALONE, '--ephemeral'],
      long: () => [GOSSIPCHAIN, 'start', ...ALONE, '--data-dir', long, '--network', NETWORK_NAME],
      bare: () => [bare],
      bundledBare: () => [bundledBare],
    };
    const seen = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
    for (let run = 0; run < runs; run++) {
      for (const [name, args] of Object.entries(contenders)) {
        // A home of its own: nothing has ever been started there.
        const at = name === 'first' ? join(directory, `home-${run}`) : home;
        seen[name].push(await lifeOf(args(run), at, run === 0 || name === 'node' || name === 'long'));
      }
    }
    return report(seen, await commands(runs, home), blocks);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** @param {boolean} idles - whether to wait until it is at rest before it is weighed */
async function lifeOf(args, home, idles) {
  const started = await StartedProcess.start(args, home);
  try {
    if (started.url !== undefined && !(await fetch(`${started.url}/health`)).ok) {
      throw new Error('a node that says that it is ready does not answer');
    }
    if (idles) await delay(IDLE_MS);
    return {
      readyMs: started.readyMs,
      ...(idles ? started.memory() : {}),
      stopMs: await started.end(),
    };
  } finally {
    await started.end();
  }
}

/** Starts a node and ends it, by which its compiled code is kept. */
async function keepCompiled(home) {
  const cache = join(home, '.cache', 'gossipchain', 'compiled');
  const started = await StartedProcess.start([GOSSIPCHAIN, 'start', ...ALONE, '--ephemeral'], home);
  await started.end();
  if (!existsSync(cache)) throw new Error(`nothing was kept in ${cache}`);
}

/** `status` of a running node, and Node itself doing nothing, in turns; in ms. */
async function commands(runs, home) {
  const node = await StartedProcess.start([GOSSIPCHAIN, 'start', ...ALONE, '--ephemeral'], home);
  const times = { status: [], nothing: [] };
  try {
    for (let run = 0; run < runs; run++) {
      times.status.push(await timeCommand([GOSSIPCHAIN, 'status'], home));
      times.nothing.push(await timeCommand(['--eval', '0'], home));
    }
  } finally {
    await node.end();
  }
  return times;
}

async function bundle(entry, outfile) {
  const require =
    "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    banner: { js: require },
  });
}

function report(seen, { status, nothing }, blocks) {
  const of = (name, key) =>
    median(seen[name].map((life) => life[key]).filter((value) => value !== undefined));
  const beside = (name, key) => ({
    what: name === 'bare' ? 'bare libp2p' : 'bare libp2p, bundled',
    value: of(name, key),
  });
  const ready = (what, name, baseline) => ({
    what,
    value: of(name, 'readyMs'),
    unit: 'ms',
    baseline: beside(baseline, 'readyMs'),
    must: { most: 700, of: 'value' },
  });
  const weight = (what, name, key, baseline) => ({
    what,
    value: of(name, key),
    unit: 'MiB',
    baseline: beside(baseline, key),
  });
  return {
    bench: 'startup',
    figures: [
      ready('spawn to ready', 'node', 'bundledBare'),
      ready('spawn to ready', 'node', 'bare'),
      ready('the same, keeping a chain on disk', 'disk', 'bundledBare'),
      ready('the same, the first start ever', 'first', 'bundledBare'),
      ready(`the same, ${blocks.toLocaleString('en-US')} blocks on disk`, 'long', 'bundledBare'),
      {
        what: 'SIGTERM to exit',
        value: of('node', 'stopMs'),
        unit: 'ms',
        baseline: beside('bundledBare', 'stopMs'),
        must: { most: 2000, of: 'value' },
      },
      {
        what: 'gossipchain status, spawn to exit',
        value: median(status),
        unit: 'ms',
        baseline: { what: 'node --eval 0', value: median(nothing) },
      },
      weight('resident at idle', 'node', 'all', 'bundledBare'),
      weight('resident at idle', 'node', 'all', 'bare'),
      weight(`the same, ${blocks.toLocaleString('en-US')} blocks on disk`, 'long', 'all', 'bundledBare'),
      weight('of that, not mapped from files', 'long', 'own', 'bundledBare'),
    ],
    notes: [
      `Medians of ${status.length} runs in turns. Ready: the introduction is printed, and the control API answers.`,
    ],
  };
}
