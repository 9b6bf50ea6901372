// The deterministic simulation of test/simulation, seed by seed, on all cores:
//   npm run simulate                            seeds 1 to 10,000
//   npm run simulate -- --first 1 --last 500    these
//   npm run simulate -- --seed 42               one, with its trace
//   npm run simulate -- --seed 42 --steps 1,4   with some of its steps only
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { COUNT, readOptions, refuse, WHOLE_NUMBER } from './options.js';
import { bundled } from './program.js';

const STEPS = { is: /^(none|\d+(,\d+)*)$/, what: 'numbers of steps with commas between them, or none' };

const values = readOptions(
  {
    seed: { type: 'string' },
    steps: { type: 'string' },
    first: { type: 'string', default: '1' },
    last: { type: 'string', default: '10000' },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
  { seed: WHOLE_NUMBER, steps: STEPS, first: WHOLE_NUMBER, last: WHOLE_NUMBER, jobs: COUNT },
);
if (Number(values.last) < Number(values.first))
  refuse(`there are no seeds from ${values.first} to ${values.last}`);

const program = await bundled('test/simulation/main.ts');
// Most of what is made is soon garbage: in a larger nursery it costs a tenth less time.
const node = ['--enable-source-maps', '--max-semi-space-size=64', program];

const children = [];
const endAll = (signal) => {
  for (const child of children) child.kill(signal);
};
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, endAll);

/** Resolves with the exit code. */
function run(...args) {
  const child = spawn(process.execPath, [...node, ...args], { stdio: 'inherit' });
  children.push(child);
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}

if (values.seed !== undefined) {
  process.exitCode = await run('--seed', values.seed, ...(values.steps ? ['--steps', values.steps] : []));
} else {
  const jobs = Number(values.jobs);
  const codes = Array.from({ length: jobs }, async (_, job) => {
    const first = String(Number(values.first) + job);
    const code = await run('--first', first, '--last', values.last, '--stride', String(jobs));
    // One failure is enough to work on.
    if (code !== 0) endAll('SIGTERM');
    return code;
  });
  process.exitCode = Math.max(...(await Promise.all(codes)));
}
