/** How often a condition is asked for again, in ms. */
const INTERVAL_MS = 20;

/**
 * Waits until a condition holds.
 *
 * @param what a sentence for the failure
 * @param holds answers true, or what is still in the way
 * @returns after how many ms it held
 */
export async function until(
  what: string,
  holds: () => Promise<boolean | string>,
  timeoutMs = 30_000,
): Promise<number> {
  const started = performance.now();
  for (;;) {
    const answer = await holds();
    const ms = performance.now() - started;
    if (answer === true) return ms;
    if (ms > timeoutMs) throw new Error(`not within ${timeoutMs} ms: ${what}${answer ? `; ${answer}` : ''}`);
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}

/** As people read it. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
