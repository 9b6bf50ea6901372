/** Many nodes at once: all started, all met, all of one mind, and nothing lost. */
import { deepStrictEqual } from 'node:assert/strict';
import type { Lan } from './lan.js';
import type { LanNode } from './lan-node.js';
import { until } from './until.js';

/** Starts a node on each host, all at once. */
export function startAll(lan: Lan, ...args: string[]): Promise<LanNode[]> {
  return Promise.all(lan.hosts.map((host) => host.start(...args)));
}

/** Waits until each of these nodes is connected with all the others, and with nobody else. */
export function untilMet(nodes: readonly LanNode[], timeoutMs = 60_000): Promise<number> {
  return untilPeers(nodes, nodes.length - 1, timeoutMs);
}

/** Waits until each of these nodes has so many peers. */
export function untilPeers(nodes: readonly LanNode[], count: number, timeoutMs = 60_000): Promise<number> {
  return until(
    `${names(nodes)} have ${count} peers each`,
    async () => {
      const peers = await Promise.all(nodes.map(async (node) => (await node.status()).peers));
      return peers.every((found) => found === count) || `they have ${peers.join(', ')}`;
    },
    timeoutMs,
  );
}

/** Waits until all nodes have one head, of a chain of this length. */
export function untilOneHead(nodes: readonly LanNode[], length: number, timeoutMs = 60_000): Promise<number> {
  return until(
    `${names(nodes)} have one head at length ${length}`,
    async () => {
      const all = await Promise.all(nodes.map((node) => node.status()));
      const agree = all.every((status) => status.length === length && status.head === all[0]?.head);
      return agree || all.map((status) => `${status.length}:${status.head.slice(0, 6)}`).join(' ');
    },
    timeoutMs,
  );
}

/** Waits until all nodes have chains of one length, if not the same. */
export function untilSameLength(nodes: readonly LanNode[], timeoutMs = 60_000): Promise<number> {
  return until(
    `${names(nodes)} have chains of one length`,
    async () => {
      const lengths = await Promise.all(nodes.map(async (node) => (await node.status()).length));
      return lengths.every((length) => length === lengths[0]) || lengths.join(', ');
    },
    timeoutMs,
  );
}

/** Mines so many blocks in turn, each on the one before. */
export async function mineTogether(nodes: readonly LanNode[], count: number): Promise<void> {
  const { length } = await nodes[0]!.status();
  for (let mined = 1; mined <= count; mined++) {
    await nodes[mined % nodes.length]!.mine();
    await untilOneHead(nodes, length + mined);
  }
}

/** When the first connection between the groups was made, in ms since the epoch. */
export async function firstAcross(groups: readonly LanNode[][]): Promise<number> {
  const times = groups.map(async (group) => {
    const own = new Set(group.map(({ peerId }) => peerId));
    const peers = await Promise.all(group.map((node) => node.peers()));
    return peers.flat().flatMap((peer) => (own.has(peer.peer_id) ? [] : [Date.parse(peer.connected_at)]));
  });
  return Math.min(...(await Promise.all(times)).flat());
}

interface Chain {
  readonly chain: readonly { readonly transactions: readonly { readonly recipient: string }[] }[];
}

/** Transactions that nodes have acknowledged, each with a recipient of its own. */
export class Acknowledged {
  readonly #recipients: string[] = [];
  readonly #uncertain = new Set<string>();
  #named = 0;

  get count(): number {
    return this.#recipients.length;
  }

  async send(node: LanNode, count = 1): Promise<void> {
    for (let sent = 0; sent < count; sent++) {
      const recipient = `payment-${++this.#named}`;
      // Taken before the answer: one that was on its way may be kept, but the next needs another name.
      this.#recipients.push(recipient);
      await node.send(recipient);
    }
  }

  /** Sends one; where the node ends before it answers, nothing was acknowledged, and it may be there or not. */
  async sendIfAnswered(node: LanNode): Promise<void> {
    try {
      await this.send(node);
    } catch {
      const recipient = this.#recipients.pop();
      if (recipient !== undefined) this.#uncertain.add(recipient);
    }
  }

  /** Waits until each of these nodes of one head has every one of them, in its chain or pending; none is there twice. */
  async untilAllKept(nodes: readonly LanNode[], timeoutMs = 60_000): Promise<number> {
    const ms = await until(
      `${names(nodes)} have all ${this.count} transactions`,
      async () => {
        for (const node of nodes) {
          const has = new Set((await this.#heldBy(node)).flat());
          const missing = this.#recipients.filter((recipient) => !has.has(recipient));
          if (missing.length > 0) return `${node.host.name} lacks ${missing.join(', ')}`;
        }
        return true;
      },
      timeoutMs,
    );
    for (const node of nodes) {
      const [inChain, pending] = await this.#heldBy(node);
      deepStrictEqual([...inChain, ...pending].sort(), [...this.#recipients].sort(), `on ${node.host.name}`);
    }
    return ms;
  }

  /** What a node holds, in its chain and pending. */
  async #heldBy(node: LanNode): Promise<[string[], string[]]> {
    const [{ chain }, pending] = await Promise.all([
      node.get<Chain>('/chain'),
      node.get<{ transaction: { recipient: string } }[]>('/transactions/pending'),
    ]);
    const inChain = chain.flatMap(({ transactions }) => transactions.map(({ recipient }) => recipient));
    return [
      inChain.filter((recipient) => recipient.startsWith('payment-')),
      pending.map(({ transaction }) => transaction.recipient),
    ].map((recipients) => recipients.filter((recipient) => !this.#uncertain.has(recipient))) as [
      string[],
      string[],
    ];
  }
}

function names(nodes: readonly LanNode[]): string {
  return nodes.map(({ host }) => host.name).join(', ');
}
