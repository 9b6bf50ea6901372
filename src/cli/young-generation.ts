/**
 * Where V8 puts what is new: two halves, of 1 MiB each after a rest. It doubles them, up to 16 MiB and in later versions more,
 * each time as much has outlived them as one holds. Until they are large enough much of what is garbage a moment later moves to
 * the old generation, and weighs there until all of that is collected; and a node needs no 16 MiB (bench/README.md, memory).
 */
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import type { Worker } from 'node:worker_threads';

/** Of one half. With 4 MiB more moves to the old generation; with 16 no less. */
const HALF_BYTES = 8 << 20;

/** Of this process: has it grow to its size in one step, and no further. When V8 makes it smaller, it stays so until it is needed. */
export class YoungGeneration {
  /** Each collection may have changed its size. */
  readonly #collections = new PerformanceObserver(settle);

  constructor() {
    this.#collections.observe({ entryTypes: ['gc'] });
    process.on('worker', settleOnceOnline);
    settle();
  }

  /** Leaves it to V8 again. Compiled code is taken only under the flags under which it was kept: those of a start. */
  release(): void {
    this.#collections.disconnect();
    process.off('worker', settleOnceOnline);
    growBy(2);
  }
}

/** With each thread that it starts for JavaScript, V8 forgets that nothing is to grow. */
function settleOnceOnline(worker: Worker): void {
  worker.once('online', settle);
}

function settle(): void {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  if (space === undefined) return;
  growBy(Math.max(1, Math.round(HALF_BYTES / (space.space_used_size + space.space_available_size))));
}

function growBy(factor: number): void {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}
