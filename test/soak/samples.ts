/** What is measured all the while: each node's memory, and how long it takes to answer. */
import { setTimeout as delay } from 'node:timers/promises';
import { residentBytes } from '../helpers/resident.js';
import type { LanNode } from '../lan/lan-node.js';
import type { Point } from './slope.js';

const MIB = 1 << 20;
/** After a collection V8 gives pages back on other threads: it has done so by then, in ms. */
const GIVEN_BACK_MS = 1_000;

export class Samples {
  /** By the node's name: resident MiB at minutes since the begin. */
  readonly memory = new Map<string, Point[]>();
  /** The same, each time just after all garbage was collected... */
  readonly collected = new Map<string, Point[]>();
  /** ...and of that what is no room that V8 keeps for what comes. */
  readonly held = new Map<string, Point[]>();
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
      this.#note(this.memory, node, await residentBytes(node.pid));
    } catch (error) {
      if (!isUp()) return;
      this.unanswered++;
      console.log(`${node.host.name} did not answer: ${error instanceof Error ? error.message : error}`);
    }
  }

  /**
   * V8 collects seldom, and gives much back at once: what is resident in between tells nothing of a slow leak. Nor do its
   * young generation, 1 to 32 MiB as the load is, in which nothing stays, and the room in its other spaces: up to 10 MiB,
   * which come and go over hours.
   */
  async weigh(node: LanNode): Promise<void> {
    let bytes: number;
    let metrics: string;
    try {
      process.kill(node.pid, 'SIGUSR2');
      await delay(GIVEN_BACK_MS);
      bytes = await residentBytes(node.pid);
      metrics = (await node.ask('GET', '/metrics')).body;
    } catch {
      // It is gone, as whoever asks it next finds out, and tells: what was measured until then is not lost for that.
      return;
    }
    this.#note(this.collected, node, bytes);
    this.#note(this.held, node, bytes - spareBytes(metrics));
  }

  #note(series: Map<string, Point[]>, { host }: LanNode, bytes: number): void {
    const x = (performance.now() - this.#begun) / 60_000;
    const points = series.get(host.name) ?? [];
    series.set(host.name, points);
    points.push({ x, y: bytes / MIB });
  }
}

/** What V8 has taken, and is not used by what has survived a collection, as a node tells. */
function spareBytes(metrics: string): number {
  const sizes = [
    ...metrics.matchAll(/^nodejs_heap_space_size_(total|used)_bytes\{space="(\w+)"[^}]*\} (\d+)/gm),
  ];
  if (sizes.length === 0) throw new Error("a node does not tell of V8's spaces");
  let spare = 0;
  for (const [, kind, space, bytes] of sizes) {
    if (kind === 'total') spare += Number(bytes);
    else if (!space?.startsWith('new')) spare -= Number(bytes);
  }
  return spare;
}
