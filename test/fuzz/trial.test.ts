/** What counts as too slow: the reader's own work, and nothing else that goes on meanwhile. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Target } from './target.js';
import { attempt, BrokenPromise } from './trial.js';

const target: Target = { name: 'any', valid: fc.uint8Array(), open: () => ({ read: () => ({}) }) };
const SHORT = new Uint8Array(22);
const LONG = new Uint8Array(4_000);

/** Looks at every byte once for each byte. */
function quadratic(input: Uint8Array): object {
  let sum = 0;
  for (const a of input) for (const b of input) sum += a ^ b;
  return sum < 0 ? { refused: 'never' } : {};
}

it('a reader whose time grows with the square of what it reads is too slow', async () => {
  await expect(attempt(target, { read: quadratic }, LONG)).rejects.toThrow(BrokenPromise);
  await expect(attempt(target, { read: quadratic }, SHORT)).resolves.toBeDefined();
});

// Elsewhere the system tells of whole processes only.
it.runIf(existsSync('/proc/thread-self/schedstat'))(
  'a reader is not slow because other threads work while it waits',
  async () => {
    const busy = new Worker("require('worker_threads').parentPort.postMessage(''); for (;;);", {
      eval: true,
    });
    await once(busy, 'message');
    try {
      const waiting = async () => {
        await delay(100);
        return {};
      };
      await expect(attempt(target, { read: waiting }, SHORT)).resolves.toBeDefined();
    } finally {
      await busy.terminate();
    }
  },
);
