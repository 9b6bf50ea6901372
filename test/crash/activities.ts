/** What the node is doing when it is killed. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Block, identified, type NetworkSpec, type Transaction } from '../../src/chain/index.js';
import { nextBlock, payment } from '../helpers/chains.js';
import type { Dice } from '../helpers/dice.js';
import { Rival } from './rival.js';
import type { Victim } from './victim.js';
import type { Look, Witness } from './witness.js';

/** What a round has. */
export interface Scene {
  readonly victim: Victim;
  readonly witness: Witness;
  readonly dice: Dice;
  readonly network: NetworkSpec;
  /** The rival's data directory. */
  readonly rivalDirectory: string;
  /** The node as it has just started. */
  readonly before: Look;
}

/** How long the node's chain was, and how long the one that it was about to take. */
export interface Course {
  readonly from: number;
  readonly to: number;
}

/** Prepares it, begins it, and kills the node at a random moment of it. */
export type Activity = (scene: Scene) => Promise<Course | undefined>;

/** The longest a node is left at what it does, in ms: by then it has, most of the time, just ended. */
const BUSY_MS = 400;
const REORGANISING_MS = 300;
const SYNCING_MS = 500;
/** Blocks that a rival is ahead by, when there is to be synced. */
const SYNCED_BLOCKS = 1500;

/** Nobody else is there. */
const mining: Activity = async (scene) => {
  const work = keepBusy(scene);
  await kill(scene, BUSY_MS);
  await work;
  return undefined;
};

/** A rival mines and sends as the node does: what both do comes by gossip, and often ties. */
const receiving: Activity = async (scene) => {
  const { victim, witness, before } = scene;
  await using rival = await Rival.start(scene.rivalDirectory, scene.network, before.chain);
  rival.node.on('block', ({ block, source }) => {
    if (source === 'own') witness.offered([block]);
  });
  await victim.node.post('/nodes/register', { nodes: [rival.address] });
  const { index } = await rival.node.mine();
  while ((await victim.node.status()).length < index) await delay(10);

  const leaving = new AbortController();
  const rivals = (async () => {
    while (!leaving.signal.aborted) {
      await rival.node.send(payment('rival').toJSON());
      await rival.node.mine();
    }
  })();
  const work = keepBusy(scene);
  await kill(scene, BUSY_MS);
  leaving.abort();
  await Promise.all([work, rivals]);
  return undefined;
};

/** A rival's chain that left ours some blocks ago is longer. */
const reorganising: Activity = async (scene) => {
  const { dice, before, victim } = scene;
  await mineSome(scene);
  const ours = await victim.chain();
  const depth = 1 + dice.below(dice.of([5, 50, before.chain.length]));
  const fork = Math.max(1, ours.length - depth);
  const fallen = ours.slice(fork).flatMap(({ transactions }) => identified(transactions));
  // Some of what falls out is in the other chain, too.
  const paid = fallen.filter((transaction) => !transaction.isReward && dice.below(2) === 0);
  const theirs = grown(ours.slice(0, fork), depth + 1 + dice.below(5), paid, dice);
  await follow(scene, ours, theirs, REORGANISING_MS);
  return { from: ours.length, to: theirs.length };
};

/** A rival's chain goes on where ours ends, for long. */
const syncing: Activity = async (scene) => {
  await mineSome(scene);
  const ours = await scene.victim.chain();
  const theirs = grown(ours, SYNCED_BLOCKS, [], scene.dice);
  await follow(scene, ours, theirs, SYNCING_MS);
  return { from: ours.length, to: theirs.length };
};

export const ACTIVITIES: Readonly<Record<string, Activity>> = { mining, receiving, reorganising, syncing };

/** Lets the node meet a rival with a longer chain, and kills it at a random moment after. */
async function follow(
  scene: Scene,
  ours: readonly Block[],
  theirs: readonly Block[],
  withinMs: number,
): Promise<void> {
  const { victim, witness, network, rivalDirectory } = scene;
  const shared = new Set(ours.map(({ hash }) => hash));
  witness.offered(theirs.filter(({ hash }) => !shared.has(hash)));
  await using rival = await Rival.start(rivalDirectory, network, theirs);
  const registered = victim.node.post('/nodes/register', { nodes: [rival.address] }).catch(() => undefined);
  await rival.met();
  await kill(scene, withinMs);
  await registered;
}

async function kill({ victim, dice }: Scene, withinMs: number): Promise<void> {
  await delay(dice.next() * withinMs);
  await victim.end('SIGKILL');
}

/** Sends and mines, several at once, until the node is gone; what it acknowledges is witnessed. */
async function keepBusy(scene: Scene): Promise<void> {
  const sending = async () => {
    for (;;) await send(scene);
  };
  const mining = async () => {
    for (;;) await mine(scene);
  };
  await Promise.allSettled([sending(), sending(), mining()]);
}

/** A few payments and blocks, all acknowledged. */
async function mineSome(scene: Scene): Promise<void> {
  for (let blocks = 1 + scene.dice.below(3); blocks > 0; blocks--) {
    await send(scene);
    await mine(scene);
  }
  await send(scene);
}

async function send({ victim, witness, dice }: Scene): Promise<void> {
  const transaction = randomPayment('alice', dice);
  const { status } = await victim.node.post('/transactions/new', transaction.toJSON());
  if (status === 201) witness.sent(transaction.id);
}

async function mine({ victim, witness }: Scene): Promise<void> {
  witness.forged(await victim.node.mine());
}

const RIVAL = 'rival';

/** A rival's chain: each block with a payment or so. */
function grown(from: readonly Block[], count: number, payments: Transaction[], dice: Dice): Block[] {
  const chain = [...from];
  for (let left = count; left > 0; left--) {
    const foreign = dice.below(4) === 0 ? [randomPayment(RIVAL, dice)] : [];
    const transactions = [...payments.splice(0, left === 1 ? payments.length : dice.below(3)), ...foreign];
    chain.push(nextBlock(chain.at(-1)!, { transactions, miner: RIVAL }));
  }
  return chain;
}

function randomPayment(sender: string, dice: Dice): Transaction {
  const nonce = Array.from({ length: 4 }, () =>
    dice
      .below(2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
  return payment(sender, 'bob', 1, nonce);
}
