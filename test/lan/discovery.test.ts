/** Nodes on different hosts find each other by themselves, and again after whatever parted them. */
import { describe, expect, it } from 'vitest';
import { describeNodes } from '../e2e/running-node.js';
import type { Host } from './host.js';
import { Lan } from './lan.js';
import type { LanNode } from './lan-node.js';
import { mineTogether, startAll, untilMet, untilPeers } from './room.js';
import { seconds } from './until.js';

const NETWORK = ['--network', 'lan', '--difficulty', '1'];
/** A bound against never, with room for a busy machine; what it takes is printed. */
const BOUND_MS = 30_000;

/** Waits until all have met. @returns how long it took, for a person */
async function untilMetSinceStart(nodes: readonly LanNode[]): Promise<string> {
  const afterAnswer = await untilMet(nodes, BOUND_MS);
  const afterStart = performance.now() - Math.max(...nodes.map(({ startedAt }) => startedAt));
  return `met ${seconds(afterStart)} after the last was started, ${seconds(afterAnswer)} after all answered`;
}

describeNodes('hosts on a bare switch, without any default route,', () => {
  it('find each other: three', async () => {
    const lan = await Lan.make(3);
    const [first, second, third] = lan.hosts as [Host, Host, Host];
    const nodes = [
      await first.start(...NETWORK),
      await second.start(...NETWORK),
      await third.start(...NETWORK),
    ];
    console.log(`three hosts: ${await untilMetSinceStart(nodes)}`);
    for (const node of nodes) {
      for (const peer of await node.peers()) {
        expect(peer.addresses.some((address) => address.startsWith('/ip4/10.99.0.'))).toBe(true);
        expect(peer.addresses.some((address) => address.startsWith('/ip4/127.'))).toBe(false);
      }
    }
    await mineTogether(nodes, 3);
  });

  it('find each other: ten that start at once', async () => {
    const lan = await Lan.make(10);
    const nodes = await startAll(lan, ...NETWORK);
    console.log(`ten hosts: ${await untilMetSinceStart(nodes)}`);
    await mineTogether(nodes, 3);
  });

  it('find each other on each of several interfaces', async () => {
    const lan = await Lan.make(2);
    const [left, middle] = lan.hosts as [Host, Host];
    const right = await lan.addHost();
    await lan.attach(right, 1);
    await lan.attach(middle, 1);
    const nodes = await startAll(lan, ...NETWORK);
    const [atLeft, inTheMiddle, atRight] = nodes as [LanNode, LanNode, LanNode];
    await untilPeers([inTheMiddle], 2, BOUND_MS);
    await untilPeers([atLeft, atRight], 1, BOUND_MS);
    // Those at the ends have no way to each other: what one mines reaches the other through the middle.
    await mineTogether([atLeft, atRight, inTheMiddle], 3);
    expect(left.ports).toHaveLength(1);
  });

  it('find each other though the default route leads elsewhere, as with a VPN', async () => {
    const lan = await Lan.make(2);
    const [laptop] = lan.hosts as [Host];
    // Nobody is at the other end.
    const { device } = await lan.attach(laptop, 9);
    await laptop.ip(`route add default dev ${device}`);
    const nodes = await startAll(lan, ...NETWORK);
    console.log(`with a VPN: ${await untilMetSinceStart(nodes)}`);
  });

  it('find each other when an interface comes up after the node', async () => {
    const lan = await Lan.make(1);
    const late = await lan.addHost();
    const nodes = await startAll(lan, ...NETWORK);
    await lan.attach(late);
    console.log(`met ${seconds(await untilMet(nodes, BOUND_MS))} after an interface came up`);
  });

  it('never mix two networks', async () => {
    const lan = await Lan.make(4);
    const [a, b, c, d] = lan.hosts as [Host, Host, Host, Host];
    const others = ['--network', 'others', '--difficulty', '1'];
    const [one, two, ...theirs] = await Promise.all([
      a.start(...NETWORK),
      b.start(...NETWORK),
      c.start(...others),
      d.start(...others),
    ]);
    const ours = [one, two];
    await untilMet(ours, BOUND_MS);
    await untilMet(theirs, BOUND_MS);
    await mineTogether(ours, 2);
    await mineTogether(theirs, 4);
    // Told to connect all the same, it says what is wrong and does not keep the connection.
    const { status, body } = await one.ask('POST', '/nodes/register', {
      nodes: [await theirs[0]!.address()],
    });
    expect(status).toBe(409);
    expect(body).toContain('another network');
    await untilMet(ours, BOUND_MS);
    await untilMet(theirs, BOUND_MS);
    expect((await one.status()).length).toBe(3);
    expect((await theirs[0]!.status()).length).toBe(5);
  });
});

describeNodes('a peer', () => {
  it('that is restarted with the same key is connected again', async () => {
    const lan = await Lan.make(3);
    const nodes = await startAll(lan, ...NETWORK);
    await untilMet(nodes);
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const { peerId } = nodes[0]!;
      await nodes[0]!.end(signal);
      nodes[0] = await nodes[0]!.again();
      expect(nodes[0].peerId).toBe(peerId);
      console.log(`restarted after ${signal}: ${await untilMetSinceStart(nodes)}`);
    }
  });

  describe('that vanishes without a word is noticed, and found again when it comes back', () => {
    it.each(['cut off', 'unplugged', 'killed'] as const)('%s', async (how) => {
      const lan = await Lan.make(3);
      const nodes = await startAll(lan, ...NETWORK);
      await untilMet(nodes);
      const [gone, ...others] = nodes as [LanNode, LanNode, LanNode];
      const leave = {
        'cut off': () => lan.cut(gone.host),
        unplugged: () => lan.unplug(gone.host),
        killed: () => gone.end('SIGKILL'),
      };
      const comeBack = {
        'cut off': () => lan.mend(gone.host),
        unplugged: () => lan.plug(gone.host),
        killed: async () => {
          nodes[0] = await gone.again();
        },
      };
      await leave[how]();
      const noticed = await untilPeers(others, 1, BOUND_MS);
      // It has noticed too, where it can.
      if (how !== 'killed') await untilPeers([gone], 0, BOUND_MS);
      const asked = performance.now();
      await comeBack[how]();
      await untilMet(nodes, BOUND_MS);
      console.log(
        `${how}: noticed by the others after ${seconds(noticed)}, met again ${seconds(performance.now() - asked)} after its return`,
      );
      await mineTogether(nodes, 2);
    });
  });

  it('is met by its address where multicast is dead', async () => {
    const lan = await Lan.make(2);
    await lan.multicast(false);
    const nodes = await startAll(lan, ...NETWORK);
    const [one, two] = nodes as [LanNode, LanNode];
    const { status } = await one.ask('POST', '/nodes/register', { nodes: [await two.address()] });
    expect(status).toBe(201);
    await untilMet(nodes, BOUND_MS);
  });
});
