/** Networks that suffer whatever the dice say end with one chain, and with every transaction once. */
import { it } from 'vitest';
import { describeNodes } from '../e2e/running-node.js';
import { Dice } from '../helpers/dice.js';
import { Lan } from './lan.js';
import { startAll, untilMet, untilOneHead, untilSameLength } from './room.js';
import { Scenario } from './scenario.js';
import { seconds } from './until.js';

/** To repeat a failed one: SEED=… LAN_SCENARIOS=1. To look for new ones: LAN_SCENARIOS=100. */
const COUNT = Number(process.env.LAN_SCENARIOS ?? 3);
const FIRST_SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
const HOSTS = 5;

describeNodes('random splits', () => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + COUNT; seed++) {
    it(`told by the seed ${seed} end with one head`, async () => {
      const lan = await Lan.make(HOSTS);
      const nodes = await startAll(lan, '--network', 'splits', '--difficulty', '1');
      await untilMet(nodes);
      const scenario = new Scenario(lan, nodes, new Dice(seed));
      try {
        await scenario.run();
        const ms = await untilSameLength(nodes);
        // A tie is nobody's fault: the next block decides it.
        await nodes[0]!.mine();
        const { length } = await nodes[0]!.status();
        const after = await untilOneHead(nodes, length);
        const kept = await scenario.sent.untilAllKept(nodes);
        console.log(
          `seed ${seed}: of one length ${seconds(ms)} after the last heal, one head ${seconds(after)} after the next block, all transactions everywhere ${seconds(kept)} later`,
        );
      } catch (error) {
        console.error(`seed ${seed}: ${scenario.steps.join('; ')}`);
        throw error;
      }
    });
  }
});
