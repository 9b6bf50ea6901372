/** A network that falls apart and comes together again ends with one chain, and with every transaction once. */
import { expect, it } from 'vitest';
import { describeNodes } from '../e2e/running-node.js';
import { Lan } from './lan.js';
import type { LanNode } from './lan-node.js';
import { Acknowledged, firstAcross, mineTogether, startAll, untilMet, untilOneHead } from './room.js';
import { seconds } from './until.js';

const NETWORK = ['--network', 'splits', '--difficulty', '1'];

/** Blocks that a node misses; a long absence is for a patient machine. */
const MISSED_BLOCKS = Number(process.env.LAN_MISSED_BLOCKS ?? 500);

async function room(count: number): Promise<{ lan: Lan; nodes: LanNode[]; sent: Acknowledged }> {
  const lan = await Lan.make(count);
  const nodes = await startAll(lan, ...NETWORK);
  await untilMet(nodes);
  return { lan, nodes, sent: new Acknowledged() };
}

/** Parts the nodes, and waits until each has noticed. */
async function part(lan: Lan, groups: LanNode[][]): Promise<void> {
  await lan.split(...groups.map((group) => group.map(({ host }) => host)));
  const noticed = await Promise.all(groups.map((group) => untilMet(group)));
  console.log(`cut: noticed by all after ${seconds(Math.max(...noticed))}`);
}

/** Sends on every node, mines so many blocks, and sends again: some are in blocks then, and some wait. */
async function work(nodes: readonly LanNode[], blocks: number, sent: Acknowledged): Promise<void> {
  for (const node of nodes) await sent.send(node);
  await mineTogether(nodes, blocks);
  for (const node of nodes) await sent.send(node);
}

/** Joins the groups, and waits for one head, while nobody mines. */
async function healed(lan: Lan, groups: LanNode[][], length: number): Promise<void> {
  await lan.heal();
  const begun = Date.now();
  await untilOneHead(groups.flat(), length);
  const agreed = Date.now();
  const across = await firstAcross(groups);
  expect(across).toBeLessThan(Number.POSITIVE_INFINITY);
  console.log(
    `healed: first connection across after ${seconds(across - begun)}, one head ${seconds(agreed - across)} later`,
  );
  // A bound against waiting for a timer; what it takes is printed.
  expect(agreed - across).toBeLessThan(15_000);
}

describeNodes('hosts that were cut off from each other', () => {
  it('ten, 5 | 5, have one head soon after, without anyone mining, and every transaction once', async () => {
    const { lan, nodes, sent } = await room(10);
    // Pending on both sides, and mined on both.
    await sent.send(nodes[0]!, 5);
    await sent.untilAllKept(nodes);
    const sides = [nodes.slice(0, 5), nodes.slice(5)];
    await part(lan, sides);
    await Promise.all(sides.map((side, number) => work(side, 3 + 4 * number, sent)));
    await healed(lan, sides, 8);
    await sent.untilAllKept(nodes);
  });

  it('three ways, have one head, also where the parts come together one after the other', async () => {
    const { lan, nodes, sent } = await room(6);
    const parts = [nodes.slice(0, 2), nodes.slice(2, 4), nodes.slice(4)];
    await part(lan, parts);
    await Promise.all(parts.map((group, number) => work(group, 2 + 2 * number, sent)));
    await healed(lan, parts, 7);
    await sent.untilAllKept(nodes);

    await part(lan, parts);
    await Promise.all(parts.map((group, number) => work(group, 6 - 2 * number, sent)));
    const [first, second, third] = parts as [LanNode[], LanNode[], LanNode[]];
    await lan.split([...second, ...third].map(({ host }) => host));
    await lan.split(
      [...second, ...third].map(({ host }) => host),
      first.map(({ host }) => host),
    );
    await untilOneHead([...second, ...third], 11);
    await healed(lan, [first, [...second, ...third]], 13);
    await sent.untilAllKept(nodes);
  });

  it(`one that missed ${MISSED_BLOCKS} blocks catches up, and brings what it sent meanwhile`, async () => {
    const { lan, nodes, sent } = await room(3);
    const [away, ...others] = nodes as [LanNode, LanNode, LanNode];
    await part(lan, [[away], others]);
    await work([away], 20, sent);
    await sent.send(others[0]!);
    await others[0]!.mine(MISSED_BLOCKS);
    await untilOneHead(others, MISSED_BLOCKS + 1);
    await healed(lan, [[away], others], MISSED_BLOCKS + 1);
    await sent.untilAllKept(nodes);
  });

  it('one whose link flaps has the head of the others once it holds', async () => {
    const { lan, nodes, sent } = await room(3);
    const [flapping, other] = nodes as [LanNode, LanNode];
    for (const [round, downMs] of [50, 300, 1_000, 100, 3_000, 50, 500, 2_000].entries()) {
      await (round % 2 === 0 ? lan.cut(flapping.host) : lan.unplug(flapping.host));
      await sent.send(other);
      await other.mine();
      await sent.send(flapping);
      await new Promise((resolve) => setTimeout(resolve, downMs));
      await (round % 2 === 0 ? lan.mend(flapping.host) : lan.plug(flapping.host));
      await new Promise((resolve) => setTimeout(resolve, downMs));
    }
    console.log(`the link holds: one head after ${seconds(await untilOneHead(nodes, 9))}`);
    await sent.untilAllKept(nodes);
  });
});
