/**
 * One parser's process of `npm run fuzz`. A thread tries the inputs; the main thread watches that it gets on, since a
 * parser that hangs or takes all memory could not say which input did it. Exit code 1: a promise is broken.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { drive, type Tally } from './drive.js';
import { Inputs } from './inputs.js';
import { keepBroken } from './regression.js';
import type { Target } from './target.js';
import { TARGETS } from './targets.js';
import { attempt } from './trial.js';

/** One input may take no longer than this, with making it smaller where it fails, in ms. */
const STUCK_MS = 30_000;
const WATCH_EVERY_MS = 1_000;
/** Between two lines of progress, in ms. */
const PROGRESS_MS = 60_000;
/** Many times what any parser needs for an input, in MiB of heap. */
const MAX_HEAP_MIB = 1_024;

interface Task {
  readonly parser: string;
  readonly seed: number;
  readonly count: number;
  /** The number of the input that is being tried. */
  readonly current: Int32Array<SharedArrayBuffer>;
}

/** In the place of a number: the thread has said how it ended. */
const TOLD = -1;

const say = (count: number) => count.toLocaleString('en');

function targetOf(parser: string): Target {
  const target = TARGETS.find(({ name }) => name === parser);
  if (target === undefined)
    throw new Error(`there is no parser ${parser}: ${TARGETS.map(({ name }) => name).join(', ')}`);
  return target;
}

async function work({ parser, seed, count, current }: Task): Promise<void> {
  const trying = (number: number) => Atomics.store(current, 0, number);
  try {
    console.log(report(parser, await drive(targetOf(parser), { seed, count, trying })));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
  trying(TOLD);
}

function report(parser: string, { inputs, seconds, slowestMsPer100KB, outcomes }: Tally): string {
  const most = Object.entries(outcomes).sort(([, a], [, b]) => b - a);
  return [
    `${parser}: ${say(inputs)} inputs hold`,
    `${seconds.toFixed(0)} s`,
    `slowest ${slowestMsPer100KB.toFixed(1)} ms per 100 KB`,
    most.map(([outcome, times]) => `${outcome} ${say(times)}`).join(', '),
  ].join('; ');
}

/** Sets the exit code. */
function watch(parser: string, seed: number, count: number): void {
  const target = targetOf(parser);
  const current = new Int32Array(new SharedArrayBuffer(4));
  const task: Task = { parser, seed, count, current };
  const worker = new Worker(new URL(import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
  });
  const blame = (why: string) => {
    const number = Atomics.exchange(current, 0, TOLD);
    if (number === TOLD) return;
    const input = new Inputs(target, seed).at(number);
    console.error(keepBroken(target, input, `${why}\nseed ${seed}, input ${number}`).message);
    process.exitCode = 1;
  };
  let last = { number: -1, at: performance.now() };
  let toldAt = performance.now();
  const watching = setInterval(() => {
    const now = performance.now();
    const number = Atomics.load(current, 0);
    if (number === TOLD || number !== last.number) last = { number, at: now };
    else if (now - last.at > STUCK_MS) {
      clearInterval(watching);
      blame(`an input takes more than ${STUCK_MS} ms`);
      void worker.terminate();
    }
    if (now - toldAt < PROGRESS_MS) return;
    console.log(`${parser}: ${say(number)} of ${say(count)} inputs`);
    toldAt = now;
  }, WATCH_EVERY_MS);
  worker.once('error', (error) => blame(`throws where nobody can catch it: ${error.stack ?? error}`));
  worker.once('exit', (code) => {
    clearInterval(watching);
    blame('an input is never answered, and nothing is waited for');
    process.exitCode ||= code;
  });
}

async function replay(parser: string, file: string): Promise<void> {
  const target = targetOf(parser);
  const reader = await target.open();
  try {
    const { refused, msPer100KB } = await attempt(target, reader, readFileSync(file));
    console.log(`${parser}: ${refused ?? 'taken'}, ${msPer100KB.toFixed(1)} ms per 100 KB`);
  } finally {
    await reader.close?.();
  }
}

if (isMainThread) {
  const { values } = parseArgs({
    options: {
      parser: { type: 'string', default: '' },
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: '1' },
      input: { type: 'string' },
      names: { type: 'boolean', default: false },
    },
  });
  if (values.names) console.log(TARGETS.map(({ name }) => name).join('\n'));
  else if (values.input !== undefined) await replay(values.parser, values.input);
  else watch(values.parser, Number(values.seed), Number(values.count));
} else await work(workerData as Task);
