/** What is measured all the while: each node's memory, and how long it takes to answer. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { residentBytes, residentOf } from '../helpers/resident.js';
import type { LanNode } from '../lan/lan-node.js';
import { until } from '../lan/until.js';
import { COMPILED_FILE } from './compiled-file.js';
import type { Point } from './slope.js';

const MIB = 1 << 20;
/** A node that collects its garbage has done so by then, in ms. */
const COLLECTED_MS = 10_000;
/** After a collection V8 gives pages back on other threads: it has done so by then, in ms. */
const GIVEN_BACK_MS = 1_000;

/**
 * What a node weighs after a collection. V8 collects seldom, and gives much back at once: what is resident in between tells
 * nothing of a slow leak. Nor do its young generation, 1 to 32 MiB as the load is, in which nothing stays, and the room in
 * its other spaces: up to 10 MiB, which come and go over hours.
 */
export interface Weight {
  /** All that is resident. */
  readonly resident: number;
  /** Of that what is no room that V8 keeps for what comes: the sum of what follows. */
  readonly held: number;
  /** Mapped files, Node's own and LevelDB's tables: the system takes them back where it needs room. */
  readonly mapped: number;
  /** What V8 has compiled of the program: it ends where all of it is. */
  readonly compiled: number;
  /** The rest, in which a leak would be: what lives in V8's heap, buffers, LevelDB's memory, stacks. */
  readonly data: number;
}

export type Part = keyof Weight;
const PARTS: readonly Part[] = ['resident', 'held', 'mapped', 'compiled', 'data'];

export class Samples {
  /** By the node's name: resident MiB at minutes since the begin. */
  readonly memory = new Map<string, Point[]>();
  /** The same after a collection, by its parts. */
  readonly weights = new Map<Part, Map<string, Point[]>>(PARTS.map((part) => [part, new Map()]));
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

  async weigh(node: LanNode): Promise<void> {
    let weight: Weight;
    try {
      weight = await weightOf(node);
    } catch (error) {
      // Where it is gone, whoever asks it next finds out, and tells: what was measured until then is not lost for that.
      console.log(`${node.host.name} was not weighed: ${error instanceof Error ? error.message : error}`);
      return;
    }
    for (const part of PARTS) this.#note(this.weights.get(part)!, node, weight[part]);
  }

  #note(series: Map<string, Point[]>, { host }: LanNode, bytes: number): void {
    const x = (performance.now() - this.#begun) / 60_000;
    const points = series.get(host.name) ?? [];
    series.set(host.name, points);
    points.push({ x, y: bytes / MIB });
  }
}

async function weightOf(node: LanNode): Promise<Weight> {
  const place = join(node.host.home, COMPILED_FILE);
  await rm(place, { force: true });
  process.kill(node.pid, 'SIGUSR2');
  let compiled = Number.NaN;
  await until(
    'it has collected its garbage',
    async () => {
      compiled = Number(await readFile(place, 'utf8').catch(() => Number.NaN));
      return !Number.isNaN(compiled);
    },
    COLLECTED_MS,
  );
  await delay(GIVEN_BACK_MS);
  const { all: resident, mapped } = await residentOf(node.pid);
  const held = resident - spareBytes((await node.ask('GET', '/metrics')).body);
  return { resident, held, mapped, compiled, data: held - mapped - compiled };
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
