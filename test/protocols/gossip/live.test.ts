import type { GossipSub } from '@chainsafe/libp2p-gossipsub';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Gossip, type Pubsub, topics } from '../../../protocols/gossip/index.js';
import { SILENT } from '../../../src/log.js';
import type { Network } from '../../../src/network/network.js';
import { ISOLATED, Lan, NETWORK_ID, peerIds, recordingLogger } from '../../network/support.js';
import { blockAt, Judge, payment } from './support.js';

interface Node {
  network: Network;
  gossip: Gossip;
  judge: Judge;
  log: ReturnType<typeof recordingLogger>;
}

/** What gossipsub keeps to itself. */
type Inside = Omit<GossipSub, 'components'> & {
  readonly mesh: Map<string, Set<string>>;
  readonly opts: { doPX: boolean };
  readonly components: { connectionManager: { openConnection(): void } };
};

const insideOf = ({ network }: Node) => network.pubsub as unknown as Inside;

describe.skipIf(!ISOLATED)('gossip between nodes', () => {
  let lan = new Lan();
  afterEach(async () => {
    await lan.stop();
    lan = new Lan();
  });

  /** Nodes in a row, each connected to the one before it alone, that know who listens. */
  async function row(...judges: Judge[]): Promise<Node[]> {
    const nodes: Node[] = [];
    for (const judge of judges) {
      const log = recordingLogger();
      const network = await lan.started();
      const gossip = new Gossip(network.pubsub, NETWORK_ID, judge, log);
      gossip.start();
      const before = nodes.at(-1);
      if (before !== undefined) await network.connect(before.network.addresses()[0] ?? '');
      nodes.push({ network, gossip, judge, log });
    }
    for (const [i, { network }] of nodes.entries()) {
      const neighbours = [nodes[i - 1], nodes[i + 1]].flatMap((node) =>
        node === undefined ? [] : [node.network.peerId],
      );
      await expect.poll(() => subscribers(network)).toEqual(neighbours.sort());
    }
    return nodes;
  }

  function subscribers(network: Network): string[] {
    return network.subscribers(topics(NETWORK_ID).blocks).sort();
  }

  it('brings what is accepted to everybody, once, however long the row', async () => {
    const nodes = await row(...Array.from({ length: 5 }, () => new Judge()));
    await nodes[0]?.gossip.publishBlock(blockAt(2));
    await nodes[4]?.gossip.publishTransaction(payment(1));
    const both = [blockAt(2).hash, payment(1).id].sort();
    await expect.poll(() => nodes[2]?.judge.ids.sort()).toEqual(both);
    await expect.poll(() => nodes[4]?.judge.ids).toEqual([blockAt(2).hash]);
    await expect.poll(() => nodes[0]?.judge.ids).toEqual([payment(1).id]);
  });

  it.each(['reject', 'ignore'] as const)(
    'lets what its first judge will %s travel no further',
    async (verdict) => {
      const [a, b, c] = (await row(new Judge(), new Judge(verdict), new Judge())) as [Node, Node, Node];
      await a.gossip.publishBlock(blockAt(2));
      await expect.poll(() => b.judge.ids).toEqual([blockAt(2).hash]);
      // What b says itself comes through, and after it nothing.
      await b.gossip.publishBlock(blockAt(3));
      await expect.poll(() => c.judge.ids).toEqual([blockAt(3).hash]);
    },
  );

  it('rejects garbage at the first node, and hears its sender no more after nine pieces of it', async () => {
    const [a, b, c] = (await row(new Judge(), new Judge(), new Judge())) as [Node, Node, Node];
    const { blocks } = topics(NETWORK_ID);
    for (let i = 0; i < 9; i++) await a.network.pubsub.publish(blocks, Buffer.from(`{"garbage": ${i}}`));
    const rejected = () => b.log.said.filter(({ action }) => action === 'gossip-rejected').length;
    await expect.poll(rejected).toBe(9);
    // Its score is computed anew after a second at most: then b hears what c says, and not what a says before.
    let n = 10;
    await expect
      .poll(
        async () => {
          n += 10;
          await a.gossip.publishBlock(blockAt(n));
          await c.gossip.publishBlock(blockAt(n + 1));
          await expect.poll(() => b.judge.ids).toContain(blockAt(n + 1).hash);
          return b.judge.ids.includes(blockAt(n).hash);
        },
        { timeout: 5_000, interval: 300 },
      )
      .toBe(false);
    expect(c.log.said).toEqual([]);
  });

  it('takes a transaction that somebody sent as a block before, and does not blame who brings it', async () => {
    const [a, b, eve] = (await row(new Judge(), new Judge(), new Judge())) as [Node, Node, Node];
    const { transactions, blocks } = topics(NETWORK_ID);
    await eve.network.pubsub.publish(blocks, payment(1).bytes);
    await eve.network.pubsub.publish(transactions, blockAt(2).bytes);
    const rejected = () => b.log.said.filter(({ action }) => action === 'gossip-rejected').length;
    await expect.poll(rejected).toBe(2);
    await a.gossip.publishTransaction(payment(1));
    await a.gossip.publishBlock(blockAt(2));
    await expect.poll(() => b.judge.ids.sort()).toEqual([payment(1).id, blockAt(2).hash].sort());
    const scores = b.network.pubsub as Pubsub & { getScore(peer: string): number };
    // A score is computed anew after a second at most.
    await expect
      .poll(() => scores.getScore(eve.network.peerId), { timeout: 5_000, interval: 200 })
      .toBeLessThan(0);
    expect(scores.getScore(a.network.peerId)).toBe(0);
  });

  it('dials no peer that another recommends when it leaves the mesh', async () => {
    const [a, b] = (await row(new Judge(), new Judge(), new Judge())) as [Node, Node, Node];
    const { blocks } = topics(NETWORK_ID);
    const [to, from] = [insideOf(a), insideOf(b)];
    await expect.poll(() => [...(from.mesh.get(blocks) ?? [])]).toContain(a.network.peerId);
    const dial = vi.spyOn(to.components.connectionManager, 'openConnection');
    let isPruned = false;
    to.addEventListener('gossipsub:prune', () => {
      isPruned = true;
    });
    from.opts.doPX = true;
    from.unsubscribe(blocks);
    await expect.poll(() => isPruned || dial.mock.calls.length > 0).toBe(true);
    expect(dial).not.toHaveBeenCalled();
  });

  it('publishes to nobody, or the same again, without failing', async () => {
    const judge = new Judge();
    const log = recordingLogger();
    const network = await lan.started();
    const gossip = new Gossip(network.pubsub, NETWORK_ID, judge, log);
    gossip.start();
    await gossip.publishBlock(blockAt(2));
    await gossip.publishBlock(blockAt(2));
    expect(log.said).toEqual([]);
    expect(judge.ids).toEqual([]);
  });

  it('brings a message to peers that have just subscribed, without waiting for a mesh', async () => {
    const a = await lan.started();
    const b = await lan.started();
    await b.connect(a.addresses()[0] ?? '');
    await expect.poll(() => [peerIds(a), peerIds(b)]).toEqual([[b.peerId], [a.peerId]]);
    const judges = [new Judge(), new Judge()] as const;
    const [gossipA, gossipB] = [a, b].map(
      (network, i) => new Gossip(network.pubsub, NETWORK_ID, judges[i]!, SILENT),
    );
    gossipA?.start();
    gossipB?.start();
    await expect.poll(() => subscribers(a)).toEqual([b.peerId]);
    await gossipA?.publishBlock(blockAt(2));
    await expect.poll(() => judges[1].ids).toEqual([blockAt(2).hash]);
  });

  it('reaches a peer again after it was restarted', async () => {
    const [a, b] = (await row(new Judge(), new Judge())) as [Node, Node];
    await b.network.stop();
    await b.network.start();
    const judge = new Judge();
    new Gossip(b.network.pubsub, NETWORK_ID, judge, SILENT).start();
    await b.network.connect(a.network.addresses()[0] ?? '');
    await expect.poll(() => subscribers(a.network), { timeout: 5_000 }).toEqual([b.network.peerId]);
    await a.gossip.publishBlock(blockAt(2));
    await expect.poll(() => judge.ids).toEqual([blockAt(2).hash]);
  });
});
