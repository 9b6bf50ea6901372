/** What is measured all the while: each node's memory, and how long it takes to answer. */
import { readFile } from 'node:fs/promises';
import type { LanNode } from '../lan/lan-node.js';
import type { Point } from './slope.js';

const MIB = 1 << 20;

export class Samples {
  /** By the node's name: resident MiB at minutes since the begin. */
  readonly memory = new Map<string, Point[]>();
  /** Of `/status`, in ms. */
  readonly latencies: number[] = [];
  /** Asked, and not answered though the node was to run. */
  unanswered = 0;
  readonly #begun = performance.now();

  /** @param isUp whether the node is still to run when its answer fails */
  async take(node: LanNode, isUp: () => boolean): Promise<void> {
    const asked = performance.now();
    try {
      await node.status();
      this.latencies.push(performance.now() - asked);
      const status = await readFile(`/proc/${node.pid}/status`, 'utf8');
      const bytes = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
      const { name } = node.host;
      const points = this.memory.get(name) ?? [];
      this.memory.set(name, points);
      points.push({ x: (asked - this.#begun) / 60_000, y: bytes / MIB });
    } catch (error) {
      if (!isUp()) return;
      this.unanswered++;
      console.log(`${node.host.name} did not answer: ${error instanceof Error ? error.message : error}`);
    }
  }
}

/** @param share 0 to 1 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
