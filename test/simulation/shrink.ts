/** Finds fewer steps by which a seed still fails in the same way. */
import type { Outcome } from './simulation.js';

type Run = (only: ReadonlySet<number>) => Promise<Outcome>;

/**
 * Leaves out runs of steps, long ones first, as long as what is left fails alike.
 *
 * @param failed the outcome with all steps
 * @param run the same seed with some of its steps
 * @returns the outcome with the fewest steps that was found
 */
export async function shrink(failed: Outcome, run: Run): Promise<Outcome> {
  let best = failed;
  for (
    let size = Math.ceil(failed.steps.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < best.steps.length; ) {
      const left = best.steps.filter((_, position) => position < at || position >= at + size);
      const outcome = await run(new Set(left.map(({ number }) => number)));
      if (outcome.failure !== undefined && kind(outcome.failure) === kind(failed.failure!)) best = outcome;
      else at += size;
    }
  }
  return best;
}

/** What a failure says, whoever and whatever it says it of. */
function kind(failure: string): string {
  return failure.split('\n')[0]!.replace(/[0-9a-f]{6,}|\d+|\b[A-H]+\b/g, '');
}
