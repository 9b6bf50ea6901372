/** What is said of a seed that failed: how to replay it, the steps that matter, and what happened. */
import type { Outcome } from './simulation.js';

/**
 * @param failed the outcome with all steps
 * @param shrunk the same failure with the fewest steps
 */
export function report(failed: Outcome, shrunk: Outcome): string {
  const replay = `npm run simulate -- --seed ${failed.seed}`;
  const numbers = shrunk.steps.map(({ number }) => number).join(',');
  return [
    `Seed ${failed.seed} failed: ${failed.failure}`,
    `  all ${failed.steps.length} steps: ${replay}`,
    `  the ${shrunk.steps.length} that matter: ${replay} --steps ${numbers === '' ? 'none' : numbers}`,
    ...shrunk.steps.map(({ number, at, what }) => `    ${number}. after ${at} ms: ${what}`),
    'What happened with those alone, in seconds from the start:',
    shrunk.trace,
  ].join('\n');
}
