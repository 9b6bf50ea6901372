// How cost grows with nodes and blocks, and the plots of it in plots/.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { draw } from './growth-plot.js';
import { figuresOf, plotsOf } from './growth-report.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PLOTS = join(HERE, 'plots');
/** No packet leaves the machine, and all that is sent can be counted. */
const NAMESPACE =
  'ip link set lo up && ip link set lo multicast on && ip route add 224.0.0.0/4 dev lo && exec "$@"';

const FULL = { nodes: [2, 5, 10, 20, 30], spreads: 60, blocks: [1_000, 10_000, 100_000, 500_000] };
const QUICK = { nodes: [2, 5], spreads: 10, blocks: [1_000, 10_000] };

/** @returns {Promise<import('./report.js').Report>} */
export async function measure({ quick }) {
  const sizes = quick ? QUICK : FULL;
  const failures = [];
  // What fails is told, and costs no more than its own point of a curve.
  const measured = async (sized, script, ...args) => {
    const results = [];
    for (const size of sized) {
      try {
        results.push(await alone(script, size, ...args));
      } catch (error) {
        failures.push(`${script} ${size}: ${/^\w*Error.*$/m.exec(error.stderr)?.[0] ?? error.message}`);
      }
    }
    return results;
  };
  const rooms = await measured(sizes.nodes, 'growth-nodes.js', sizes.spreads);
  const chains = await measured(sizes.blocks, 'growth-blocks.js');
  // A short run's figures say little: it must not take the place of a whole one's plots.
  const place = quick ? await mkdtemp(join(tmpdir(), 'gossipchain-plots-')) : PLOTS;
  await mkdir(place, { recursive: true });
  const plots = plotsOf(rooms, chains);
  for (const [name, plot] of Object.entries(plots)) await writeFile(join(place, `${name}.svg`), draw(plot));
  return {
    bench: 'growth',
    figures: figuresOf(rooms, chains),
    notes: [`plots: ${place}`, ...failures],
  };
}

/** Runs a script beside this one in a network namespace and a directory of its own. @returns {Promise<object>} what it prints */
async function alone(script, ...args) {
  const directory = await mkdtemp(join(tmpdir(), 'gossipchain-growth-'));
  try {
    const command = [process.execPath, join(HERE, script), ...args.map(String), directory];
    const { stdout } = await promisify(execFile)('unshare', ['-rn', 'sh', '-c', NAMESPACE, 'sh', ...command]);
    return JSON.parse(stdout);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
