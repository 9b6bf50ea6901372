/** Kills a node again and again, each time in the middle of something, and looks each time whether all is there. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createNetwork } from '../../src/chain/index.js';
import { Dice } from '../helpers/dice.js';
import { ACTIVITIES, type Course } from './activities.js';
import { Tally } from './tally.js';
import { Victim } from './victim.js';
import { Witness } from './witness.js';

/** Proofs that are found at once: a node spends its time on writing. */
const NETWORK = createNetwork({ name: 'crash', difficulty: 1 });
/** All of a chain is read and checked after each kill: one that has got longer than this is begun anew. */
const LONGEST_CHAIN = 4_000;

export interface CampaignOptions {
  readonly seed: number;
  readonly kills: number;
  /** Where the node keeps what it has; left there when something is amiss. */
  readonly directory: string;
  /** Called after each kill that has held. */
  readonly progress: (tally: Tally) => void;
}

/**
 * 1. Starts the node, and looks whether it has all that it has acknowledged in its life so far.
 * 2. Kills it at a random moment of one of the activities, in turn; again from 1.
 * 3. A node whose chain is long enough is stopped; what it has kept is exported and verified by the command line.
 *
 * @throws Error naming the kill after which something was amiss
 */
export async function campaign({ seed, kills, directory, progress }: CampaignOptions): Promise<Tally> {
  const names = Object.keys(ACTIVITIES);
  const tally = new Tally(names);
  const rivalDirectory = join(directory, 'rival');
  for (let life = 1; tally.kills < kills; life++) {
    const victim = new Victim(join(directory, `node-${life}`), NETWORK);
    const witness = new Witness(NETWORK);
    let course: Course | undefined;
    try {
      for (;;) {
        await victim.start();
        const before = await victim.look();
        witness.check(before);
        if (course !== undefined) tally.found(before.chain.length, course.from, course.to);
        if (tally.kills > 0) progress(tally);
        if (before.chain.length > LONGEST_CHAIN || tally.kills >= kills) break;
        const name = names[tally.kills % names.length] as string;
        const dice = new Dice(seed + tally.kills);
        const activity = ACTIVITIES[name] as (typeof ACTIVITIES)[string];
        course = await activity({ victim, witness, dice, network: NETWORK, rivalDirectory, before });
        tally.killed(name, await victim.remains());
      }
      await victim.end('SIGTERM');
      await victim.verify();
      tally.acknowledged += witness.acknowledged;
    } catch (error) {
      await victim.abandon();
      const what = error instanceof Error ? error.message : String(error);
      throw new Error(`after kill ${tally.kills} (${tally.last}) of ${victim.directory}: ${what}`, {
        cause: error,
      });
    }
    await rm(victim.directory, { recursive: true });
  }
  return tally;
}
