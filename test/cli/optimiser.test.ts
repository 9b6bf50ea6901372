import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const MODULE = fileURLToPath(new URL('../../dist/src/cli/optimiser.js', import.meta.url));
/** Of V8's own: they let a program ask what is optimised, and have it done at once and not beside. */
const FLAGS = [
  '--allow-natives-syntax',
  '--no-concurrent-recompilation',
  '--single-threaded',
  '--no-use-osr',
];
/** After how many calls a function is optimised, as V8 has it, as the node has it, and once that is released. */
const RUN = `
const { Optimiser } = await import(process.argv[1]);
const OPTIMISED = 1 << 4;
/** Of another text each time: V8 knows one that it has seen. */
function callsUntilOptimised(name) {
  const sum = new Function('to', 'let ' + name + ', sum = 0; for (let i = 0; i < to; i++) sum += (to * i) % 7; return sum;');
  const isOptimised = new Function('it', 'it(100); return (%GetOptimizationStatus(it) & ' + OPTIMISED + ') !== 0;');
  let calls = 1;
  while (!isOptimised(sum)) calls++;
  return calls;
}
const usual = callsUntilOptimised('usual');
const optimiser = new Optimiser();
const later = callsUntilOptimised('later');
optimiser.release();
process.stdout.write(JSON.stringify({ usual, later, released: callsUntilOptimised('again') }));
`;

it('a function is optimised when it has run four times as long as V8 of Node 20 has it, as in later ones, until that is released', async () => {
  const args = [...FLAGS, '--input-type=module', '--eval', RUN, MODULE];
  // In a process of its own: it is of all of a process.
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 });
  const { usual, later, released } = JSON.parse(stdout);
  expect(Math.round(later / usual)).toBe(process.versions.v8.startsWith('11.') ? 4 : 1);
  expect(released).toBe(usual);
  expect(stderr).toBe('');
});
