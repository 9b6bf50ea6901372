/**
 * When V8 optimises a function: once so much of it has run, three times and more. In the V8 of Node 20 that is so little that a sync
 * waited for its compiler, which takes a core, and optimised much again that had been seen too briefly (bench/README.md, sync).
 * Later ones count calls and wait longer themselves: they are left alone.
 */
import { setFlagsFromString } from 'node:v8';

/** V8's own, in bytes of bytecode; and what a node is best off with: with three or six times as much a sync takes as long. */
const USUAL_BYTES = 66 << 10;
const LATER_BYTES = 4 * USUAL_BYTES;

/** Of this process: optimises later than V8 would. */
export class Optimiser {
  constructor() {
    optimiseAfter(LATER_BYTES);
  }

  /** Leaves it to V8 again. Compiled code is taken only under the flags under which it was kept: those of a start. */
  release(): void {
    optimiseAfter(USUAL_BYTES);
  }
}

function optimiseAfter(bytes: number): void {
  if (process.versions.v8.startsWith('11.')) setFlagsFromString(`--interrupt-budget=${bytes}`);
}
