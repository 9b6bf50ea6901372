/** Whether a node has run in this process. The program is bundled apart from its launcher: they share globalThis alone. */

const MARK = Symbol.for('gossipchain.node-has-run');

export function markRun(): void {
  Reflect.set(globalThis, MARK, true);
}

export function hasRun(): boolean {
  return MARK in globalThis;
}
