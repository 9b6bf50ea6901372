/** A room of nodes under churn for hours: what it costs, and whether they are of one mind at the end. */
import { setTimeout as delay } from 'node:timers/promises';
import { createNetwork, networkId } from '../../src/chain/index.js';
import { Dice } from '../helpers/dice.js';
import { Lan } from '../lan/lan.js';
import type { LanNode } from '../lan/lan-node.js';
import { Acknowledged, untilMet, untilOneHead, untilSameLength } from '../lan/room.js';
import { Churn, type Slot } from './churn.js';
import { complaintsOf } from './complaints.js';
import { type End, type Report, reportOf } from './report.js';
import { Samples } from './samples.js';

const NODES = 10;
/** Nodes that are never ended. */
const VETERANS = 3;
const ATTACKERS = 2;
/** A proof takes 1 ms, so that two cores have time for all else. */
const NETWORK = createNetwork({ name: 'soak', difficulty: 3 });
/**
 * Each node mines that often on average, in s; all together every 1.2 s. So much that what is bounded (tables in memory,
 * events kept, what malloc holds free) is full when a process has warmed up.
 */
const MINE_SECONDS = 12;
/** Between two transactions, in ms. */
const SEND_EVERY_MS = 500;
/** Between two samples of a node, in ms. */
const SAMPLE_EVERY_MS = 10_000;
/** Between two times that a veteran is weighed, in ms. */
const WEIGH_EVERY_MS = 60_000;
/** By then all is to be settled at the end, in ms. */
const SETTLE_MS = 120_000;

export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  /** The program of the attacks, bundled. */
  readonly attacker: string;
}

/** What was measured is told, too, where the nodes do not come to one mind or have lost what they acknowledged. */
export async function soak({ minutes, seed, attacker }: SoakOptions): Promise<Report> {
  const lan = await Lan.make(NODES + ATTACKERS);
  const slots = await Promise.all(
    lan.hosts.slice(0, NODES).map(async (host, at): Promise<Slot> => {
      const { name, difficulty } = NETWORK;
      const ledger = ['--network', name, '--difficulty', String(difficulty)];
      const node = await host.start(
        ...ledger,
        '--mine',
        String(MINE_SECONDS),
        '--threads',
        '1',
        '--log-level',
        'warn',
      );
      return { host, node, isVeteran: at < VETERANS, isUp: true, complaints: [] };
    }),
  );
  const nodes = () => slots.map(({ node }) => node);
  await untilMet(nodes());
  console.log(`${NODES} nodes have met; ${minutes} minutes, seed ${seed}`);

  const signal = AbortSignal.timeout(minutes * 60_000);
  const id = networkId(NETWORK);
  const attackers = lan.hosts.slice(NODES);
  const churn = new Churn(lan, slots, attackers, attacker, id, new Dice(seed), signal);
  const samples = new Samples();
  const sent = new Acknowledged();
  const begun = process.hrtime.bigint();
  await Promise.all([
    churn.run(),
    sending(slots, sent, new Dice(seed + 1), signal),
    sampling(slots, samples, signal),
    weighing(slots, samples, signal),
  ]);
  const ranMinutes = Number(process.hrtime.bigint() - begun) / 60e9;

  const end = await atRest(nodes(), sent);
  return reportOf({
    minutes: ranMinutes,
    seed,
    nodes: NODES,
    veterans: slots.filter(({ isVeteran }) => isVeteran).map(({ host }) => host.name),
    counts: churn.counts,
    samples,
    acknowledged: sent.count,
    end,
    complaints: slots.flatMap(({ node, complaints }) => [...complaints, ...complaintsOf(node)]),
  });
}

/** What is left when nobody mines any more. */
async function atRest(nodes: readonly LanNode[], sent: Acknowledged): Promise<End> {
  try {
    for (const node of nodes) await node.ask('POST', '/mining', { every_seconds: null });
    const seconds = (await settle(nodes)) / 1000;
    await sent.untilAllKept(nodes, SETTLE_MS);
    const { length } = await nodes[0]!.status();
    return { seconds, length };
  } catch (error) {
    return { fault: String(error) };
  }
}

/** Equal lengths may stay a tie: one more block ends it. */
async function settle(nodes: readonly LanNode[]): Promise<number> {
  const met = await untilMet(nodes, SETTLE_MS);
  const even = await untilSameLength(nodes, SETTLE_MS);
  const { length } = await nodes[0]!.status();
  await nodes[0]!.mine();
  return met + even + (await untilOneHead(nodes, length + 1, SETTLE_MS));
}

async function sending(
  slots: readonly Slot[],
  sent: Acknowledged,
  dice: Dice,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const up = slots.filter(({ isUp }) => isUp);
    // One that is killed before it answers has acknowledged nothing.
    await sent.sendIfAnswered(dice.of(up).node);
    await delay(SEND_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}

/** One node after the other, evenly over the time. */
async function sampling(slots: readonly Slot[], samples: Samples, signal: AbortSignal): Promise<void> {
  for (let at = 0; !signal.aborted; at++) {
    const slot = slots[at % slots.length] as Slot;
    const { node } = slot;
    if (slot.isUp) await samples.take(node, () => slot.isUp && slot.node === node);
    await delay(SAMPLE_EVERY_MS / slots.length, undefined, { signal }).catch(() => {});
  }
}

/** Those that are never ended, again and again. */
async function weighing(slots: readonly Slot[], samples: Samples, signal: AbortSignal): Promise<void> {
  const veterans = slots.filter(({ isVeteran }) => isVeteran);
  while (!signal.aborted) {
    for (const { node } of veterans) await samples.weigh(node);
    await delay(WEIGH_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}
