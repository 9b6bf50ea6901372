/** Stands in for vitest outside of it: what the tests' helpers leave to the end of a test is left to the end of the program. */
const endings: (() => unknown)[] = [];

export function onTestFinished(end: () => unknown): void {
  endings.push(end);
}

/** Does what was left to the end, the last first. */
export async function finish(): Promise<void> {
  while (endings.length > 0) await endings.pop()?.();
}

/** For what is defined where a helper is loaded, and used by tests alone. */
export const describe = { skipIf: () => () => {} };

export function expect(): never {
  throw new Error('there are no expectations outside of a test');
}
