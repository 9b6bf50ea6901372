/** Work that several may end: whoever waits for it, the node that stops, a clock. */
import { setMaxListeners } from 'node:events';
import { anySignal } from 'any-signal';

/**
 * Runs work under a signal that is aborted with the first of these, and lets go of them when the work has ended.
 *
 * `AbortSignal.any` would not do. Node 20 drops an `AbortSignal.timeout` that nobody else holds with the next garbage, so
 * that the work has no limit any more; and with each call it leaves a mark on signals that live as long as the node.
 */
export async function withAny<T>(
  signals: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const either = anySignal([...signals]);
  // As many listen as work goes on at once: no leak that Node should warn of.
  setMaxListeners(Infinity, either, ...signals);
  try {
    return await work(either);
  } finally {
    either.clear();
  }
}
