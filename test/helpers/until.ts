import { expect } from 'vitest';

/** Waits until a condition holds; the test fails where it does not in time. */
export async function until(holds: () => boolean, timeoutMs = 20_000): Promise<void> {
  await expect.poll(holds, { timeout: timeoutMs, interval: 10 }).toBe(true);
}
