/** Every node that this one knows of, and how its chain stands to the others'. It is what they say of themselves. */
import { setTimeout as delay } from 'node:timers/promises';
import { keepLatest } from '../keep-latest.js';
import type { NodePeer } from '../node/index.js';
import { MAX_KEPT_FORKS, MAX_KEPT_LENGTHS, MAX_LEFT_NODES, SURVEY_MS, SURVEY_WAIT_MS } from './constants.js';
import type { ControlledNode } from './controlled-node.js';
import { LongestSeen } from './longest-seen.js';
import { isoTime } from './schemas/common.js';
import type { RoomNodeAnswer } from './schemas/room.js';

type RoomNode = Pick<ControlledNode, 'status' | 'peers' | 'survey' | 'block' | 'on'>;
type Seen = Pick<NodePeer, 'peerId' | 'name' | 'length' | 'head' | 'heardAt'>;
type Standing = Pick<RoomNodeAnswer, 'chain' | 'fork'>;

export class Room {
  readonly #longest = new LongestSeen(MAX_KEPT_LENGTHS);
  /** Where chains with these heads forked from ours: index of the last block shared, by hash. */
  readonly #forks = new Map<string, number>();
  readonly #seen = new Map<string, Seen>();
  readonly #left = new Map<string, { readonly seen: Seen; readonly at: number }>();
  #survey: Promise<void> | undefined;
  #surveyedAt = Number.NEGATIVE_INFINITY;

  /** Listens from now on, for as long as the node is there. */
  constructor(private readonly node: RoomNode) {
    node.on('block', ({ block, at }) => this.#longest.noteOne(block.index, at));
    node.on('fork', ({ block, fork }) => this.#noteFork(block.hash, fork));
    node.on('reorg', ({ oldHead, newHead, fork, at }) => {
      // Chains that forked from ours beyond it share with ours what ours has kept, and no more.
      for (const [hash, index] of this.#forks) this.#forks.set(hash, Math.min(index, fork));
      this.#noteFork(oldHead.hash, fork);
      this.#longest.noteOne(newHead.length, at);
    });
    node.on('peer', ({ peerId, name, change, at }) => {
      if (change === 'connected') this.#left.delete(peerId);
      else this.#leave(peerId, name, at);
    });
    node.on('restart', ({ at }) => {
      // Who does not come back has left with it.
      const here = new Set(this.node.peers().map(({ peerId }) => peerId));
      for (const { peerId, name } of this.#seen.values())
        if (!here.has(peerId) && !this.#left.has(peerId)) this.#leave(peerId, name, at);
    });
  }

  /** Asks the peers first, if that was not done a moment ago. */
  async look(): Promise<RoomNodeAnswer[]> {
    await this.#ask();
    const now = Date.now();
    const { peerId, name, head } = this.node.status();
    const peers = this.node.peers();
    this.#seen.clear();
    for (const peer of peers) this.#seen.set(peer.peerId, peer);
    const longest = Math.max(head.length, ...peers.map(({ length }) => length ?? 0));
    this.#longest.note(longest, now);
    const lag = (length: number | null) => ({
      behind_blocks: length === null ? null : longest - length,
      behind_ms: length === null ? null : this.#longest.behindMs(length, now),
    });
    return [
      {
        ...shown({ peerId, name, length: head.length, head: head.hash, heardAt: now }),
        ...lag(head.length),
        state: 'this',
        since: null,
        rtt_ms: null,
        chain: 'same',
        fork: null,
      },
      ...(await Promise.all(
        peers.map(async (peer) => ({
          ...shown(peer),
          ...lag(peer.length),
          ...(await this.#standing(peer, head)),
          state: 'connected' as const,
          since: isoTime(peer.connectedAt),
          rtt_ms: peer.rttMs,
        })),
      )),
      ...(await Promise.all(
        [...this.#left.values()].map(async ({ seen, at }) => ({
          ...shown(seen),
          ...(await this.#standing(seen, head)),
          behind_blocks: null,
          behind_ms: null,
          state: 'left' as const,
          since: isoTime(at),
          rtt_ms: null,
        })),
      )),
    ];
  }

  /** One survey at a time, for all who look. */
  async #ask(): Promise<void> {
    if (performance.now() - this.#surveyedAt >= SURVEY_MS) {
      this.#survey ??= this.node.survey().finally(() => {
        this.#survey = undefined;
        this.#surveyedAt = performance.now();
      });
    }
    await Promise.race([this.#survey, delay(SURVEY_WAIT_MS, undefined, { ref: false })]);
  }

  async #standing(
    { length, head }: Pick<Seen, 'length' | 'head'>,
    ours: { readonly length: number; readonly hash: string },
  ): Promise<Standing> {
    if (length === null || head === null) return { chain: 'unknown', fork: null };
    if (head === ours.hash) return { chain: 'same', fork: null };
    if (length > ours.length) return { chain: 'ahead', fork: null };
    if ((await this.node.block(head)) !== undefined) return { chain: 'behind', fork: null };
    return { chain: 'fork', fork: this.#forks.get(head) ?? null };
  }

  #noteFork(hash: string, fork: number): void {
    keepLatest(this.#forks, hash, fork, MAX_KEPT_FORKS);
  }

  #leave(peerId: string, name: string, at: number): void {
    const seen = this.#seen.get(peerId) ?? { peerId, name, length: null, head: null, heardAt: null };
    keepLatest(this.#left, peerId, { seen, at }, MAX_LEFT_NODES);
  }
}

function shown({ peerId, name, length, head, heardAt }: Seen) {
  return {
    peer_id: peerId,
    name,
    length,
    head,
    heard_at: heardAt === null ? null : isoTime(heardAt),
  };
}
