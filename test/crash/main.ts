/** As many kills as are asked for; `scripts/crash.js` starts it. Exit code 1: something was lost. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { campaign } from './campaign.js';

/** Kills between two lines of progress. */
const PROGRESS = 25;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    kills: { type: 'string', default: '1000' },
  },
});
const seed = Number(values.seed);
const kills = Number(values.kills);
const directory = await mkdtemp(join(tmpdir(), 'gossipchain-crash-'));
const begun = performance.now();
const seconds = () => `${((performance.now() - begun) / 1000).toFixed(0)} s`;

console.log(`seed ${seed}, ${kills} kills`);
try {
  const tally = await campaign({
    seed,
    kills,
    directory,
    progress: (now) => {
      if (now.kills % PROGRESS === 0 || now.kills === kills)
        console.log(`${now.kills} kills, ${seconds()}: ${now}`);
    },
  });
  console.log(
    `Nothing lost of ${tally.acknowledged} acknowledged, in ${tally.kills} kills: ${tally}; ${seconds()}.`,
  );
  await rm(directory, { recursive: true });
} catch (error) {
  console.error(error);
  console.error(`What the nodes have kept is in ${directory}.`);
  console.error(`The same once more: npm run crash -- --seed ${seed} --kills ${kills}`);
  process.exitCode = 1;
}
