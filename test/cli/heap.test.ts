import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const MODULE = fileURLToPath(new URL('../../dist/src/cli/heap.js', import.meta.url));
/** Tells, of each of the steps named, how many MiB V8 has for its young generation after it; or, of the last one, for the old. */
const RUN = `
const [module, ...steps] = process.argv.slice(1);
const { getHeapSpaceStatistics } = await import('node:v8');
const { Worker } = await import('node:worker_threads');
const { Heap } = await import(module);
const sizeOf = (name) => getHeapSpaceStatistics().find(({ space_name }) => space_name === name).space_size / 2 ** 20;
/** So many times a MiB, of which each outlives the next so many. */
async function make(times, kept) {
  const made = [];
  for (let i = 0; i < times; i++) {
    made.push(Array.from({ length: 10_000 }, (_, i) => ({ i, of: [i] })));
    if (made.length > kept) made.shift();
    await new Promise(setImmediate);
  }
}
/** The most that the old generation had, while some 50 MiB of it lived, once V8 had collected it. */
async function mostOld() {
  const live = [];
  for (let i = 0; i < 40; i++) live.push(Array.from({ length: 10_000 }, (_, i) => ({ i, of: [i] })));
  await make(400, 12);
  let most = 0;
  for (let i = 0; i < 20; i++) {
    await make(80, 12);
    most = Math.max(most, sizeOf('old_space'));
  }
  return [most, live][0];
}
let heap;
const run = {
  bounded: () => { heap = new Heap(); },
  released: () => heap.release(),
  worked: () => make(400, 40),
  filled: mostOld,
  threaded: () => new Promise((ended) => new Worker('', { eval: true }).once('exit', () => ended())),
};
const sizes = [];
for (const step of steps) {
  const size = await run[step]();
  sizes.push(step + ' ' + (size ?? sizeOf('new_space')));
}
process.stdout.write(sizes.join(', '));
`;

/** In a process of its own: it is of all of a process. */
async function sizes(steps: string[], flags: string[] = []): Promise<string> {
  const args = [...flags, '--input-type=module', '--eval', RUN, MODULE, ...steps];
  return (await promisify(execFile)(process.execPath, args, { timeout: 60_000 })).stdout;
}

it('the young generation has two halves of 8 MiB once there is work, however much it is, and beside threads', async () => {
  expect(await sizes(['bounded', 'worked'])).toBe('bounded 1, worked 16');
  expect(await sizes(['bounded', 'worked', 'threaded', 'worked'])).toBe(
    'bounded 1, worked 16, threaded 16, worked 16',
  );
});

it('without that, and once it is released, it grows further', async () => {
  // From V8 13 on to twice as much.
  expect(await sizes(['worked'])).toMatch(/^worked (32|64)$/);
  expect(await sizes(['bounded', 'worked', 'released', 'worked'])).toMatch(
    /^bounded 1, worked 16, released 16, worked (32|64)$/,
  );
});

/** With less room V8 has it grow less; and what it collects step by step, or beside, grows meanwhile, by how fast the machine is. */
const AT_ONCE = ['--max-old-space-size=4096', '--no-incremental-marking', '--single-threaded-gc'];

it('the old generation is collected when it has grown to twice what lives of it, until that is released: V8 lets it grow further', async () => {
  const old = async (...steps: string[]) =>
    Number((await sizes([...steps, 'filled'], AT_ONCE)).split(' ').at(-1));
  const bounded = await old('bounded');
  expect(await old()).toBeGreaterThan(1.4 * bounded);
  expect(await old('bounded', 'released')).toBeGreaterThan(1.4 * bounded);
});
