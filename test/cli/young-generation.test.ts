import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const MODULE = fileURLToPath(new URL('../../dist/src/cli/young-generation.js', import.meta.url));
/** Tells, of each of the steps named, what V8 has for its young generation in MiB after it. */
const RUN = `
const [module, ...steps] = process.argv.slice(1);
const { getHeapSpaceStatistics } = await import('node:v8');
const { Worker } = await import('node:worker_threads');
const { YoungGeneration } = await import(module);
const taken = () => getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size / 2 ** 20;
/** So many times a MiB, of which each outlives the next so many. */
async function make(times, kept) {
  const made = [];
  for (let i = 0; i < times; i++) {
    made.push(Array.from({ length: 10_000 }, (_, i) => ({ i, of: [i] })));
    if (made.length > kept) made.shift();
    await new Promise(setImmediate);
  }
}
let young;
const run = {
  bounded: () => { young = new YoungGeneration(); },
  released: () => young.release(),
  worked: () => make(400, 40),
  threaded: () => new Promise((ended) => new Worker('', { eval: true }).once('exit', ended)),
};
const sizes = [];
for (const step of steps) {
  await run[step]();
  sizes.push(step + ' ' + taken());
}
process.stdout.write(sizes.join(', '));
`;

/** In a process of its own: it is of all of a process. */
async function sizes(...steps: string[]): Promise<string> {
  const args = ['--input-type=module', '--eval', RUN, MODULE, ...steps];
  return (await promisify(execFile)(process.execPath, args)).stdout;
}

it('the young generation has two halves of 8 MiB once there is work, however much it is, and beside threads', async () => {
  expect(await sizes('bounded', 'worked')).toBe('bounded 1, worked 16');
  expect(await sizes('bounded', 'worked', 'threaded', 'worked')).toBe(
    'bounded 1, worked 16, threaded 16, worked 16',
  );
});

it('without that, and once it is released, it grows further', async () => {
  // From V8 13 on to twice as much.
  expect(await sizes('worked')).toMatch(/^worked (32|64)$/);
  expect(await sizes('bounded', 'worked', 'released', 'worked')).toMatch(
    /^bounded 1, worked 16, released 16, worked (32|64)$/,
  );
});
