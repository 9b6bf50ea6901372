/**
 * How far V8 lets its two generations grow (bench/README.md, memory).
 *
 * What is new is in two halves, of 1 MiB each after a rest. V8 doubles them, up to 16 MiB and in later versions more, each time as
 * much has outlived them as one holds. Until they are large enough much of what is garbage a moment later moves to the old generation,
 * and weighs there until all of that is collected; and a node needs no 16 MiB.
 *
 * The old one is collected when it, and the buffers that it holds, have grown to so many times of what was left the last time. Where
 * there is room for 2 GiB or more, V8 takes up to four times, else up to two; and after a rest 1.3 times, with which a node that gives a
 * long chain away collected eight times on the way.
 */
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import type { Worker } from 'node:worker_threads';

/** Of one half. With 4 MiB more moves to the old generation; with 16 no less. */
const HALF_BYTES = 8 << 20;
/** By how much the old generation may grow: with 50 it is collected too often in a sync; with 200 mining weighs 17 MiB more. */
const OLD_PERCENT = 100;
/** V8 is to decide for itself, as it does by default. */
const AS_V8_SEES_FIT = 0;

/** Of this process: has the young generation grow to its size in one step, and no further, and the old one by as much as it has. */
export class Heap {
  /** Each collection may have changed the size of the young generation, which stays small then until it is needed. */
  readonly #collections = new PerformanceObserver(settle);

  constructor() {
    this.#collections.observe({ entryTypes: ['gc'] });
    process.on('worker', settleOnceOnline);
    settle();
    growOldBy(OLD_PERCENT);
  }

  /** Leaves it to V8 again. Compiled code is taken only under the flags under which it was kept: those of a start. */
  release(): void {
    this.#collections.disconnect();
    process.off('worker', settleOnceOnline);
    growYoungBy(2);
    growOldBy(AS_V8_SEES_FIT);
  }
}

/** With each thread that it starts for JavaScript, V8 forgets that nothing is to grow. */
function settleOnceOnline(worker: Worker): void {
  worker.once('online', settle);
}

function settle(): void {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  if (space === undefined) return;
  growYoungBy(Math.max(1, Math.round(HALF_BYTES / (space.space_used_size + space.space_available_size))));
}

function growYoungBy(factor: number): void {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}

function growOldBy(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}
