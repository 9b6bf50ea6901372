/** The whole network, asked for again and again while somebody looks at it. */
import type { RoomNode } from '../node/answers.js';
import { api } from '../node/api.js';
import { Soon } from './soon.js';

/** In ms. */
const REFRESH_MS = 1_000;
const BURST_MS = 20;

export class Room {
  nodes: readonly RoomNode[] = [];
  readonly #fetch = new Soon(async () => {
    this.nodes = await api.room();
    this.changed();
  }, BURST_MS);

  constructor(private readonly changed: () => void) {}

  /** Something has happened: the picture is drawn anew before its time. */
  readonly ask = this.#fetch.ask;

  start(): void {
    window.setInterval(() => {
      if (!document.hidden) this.ask();
    }, REFRESH_MS);
  }
}

/** How a node stands to ours. `tied`: its chain forked from ours and is as long, so that the next block decides. */
export type NodeStanding = 'same' | 'behind' | 'tied' | 'fork' | 'unknown' | 'gone';

export function standingOfNode({ state, chain, behind_blocks }: RoomNode): NodeStanding {
  if (state === 'left') return 'gone';
  if (chain === 'unknown') return 'unknown';
  // What forked from our chain is no longer than it: where it lacks nothing of the longest, both are the longest.
  if (chain === 'fork') return behind_blocks === 0 ? 'tied' : 'fork';
  return (behind_blocks ?? 0) > 0 ? 'behind' : 'same';
}

/** How many nodes stand in each way. */
export function census(nodes: readonly RoomNode[]): Record<NodeStanding, number> {
  const counts = { same: 0, behind: 0, tied: 0, fork: 0, unknown: 0, gone: 0 };
  for (const node of nodes) counts[standingOfNode(node)]++;
  return counts;
}
