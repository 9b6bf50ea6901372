/** Many seeds one after the other, or one with its trace; `scripts/simulate.js` starts it. Exit code 1: one failed. */
import { parseArgs } from 'node:util';
import { report } from './report.js';
import { shrink } from './shrink.js';
import { type Outcome, simulate } from './simulation.js';

/** Seeds between two lines of progress. */
const PROGRESS = 500;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    steps: { type: 'string' },
    first: { type: 'string', default: '1' },
    last: { type: 'string', default: '10000' },
    stride: { type: 'string', default: '1' },
  },
});

async function failed(outcome: Outcome): Promise<void> {
  const shrunk = await shrink(outcome, (only) => simulate(outcome.seed, only));
  console.log(report(outcome, shrunk));
  process.exitCode = 1;
}

async function one(seed: number, steps: string | undefined): Promise<void> {
  const numbers = steps === 'none' ? [] : steps?.split(',').map(Number);
  const outcome = await simulate(seed, numbers && new Set(numbers));
  console.log(outcome.trace);
  if (outcome.failure === undefined) return console.log(`Seed ${seed} holds.`);
  if (numbers === undefined) return await failed(outcome);
  process.exitCode = 1;
}

async function many(first: number, last: number, stride: number): Promise<void> {
  const begun = performance.now();
  let held = 0;
  for (let seed = first; seed <= last; seed += stride) {
    const outcome = await simulate(seed);
    if (outcome.failure !== undefined) return await failed(outcome);
    held++;
    const ms = ((performance.now() - begun) / held).toFixed(0);
    if (held % PROGRESS === 0 || seed + stride > last)
      console.log(`${held} seeds hold, the last is ${seed}; ${ms} ms a seed`);
  }
}

if (values.seed !== undefined) await one(Number(values.seed), values.steps);
else await many(Number(values.first), Number(values.last), Number(values.stride));
