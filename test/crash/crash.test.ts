import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeNodes } from '../e2e/running-node.js';
import { campaign } from './campaign.js';

const KILLS = 50;

describeNodes('a node killed in the middle of mining, receiving, reorganising and syncing', () => {
  it(`starts again by itself, the same, with a valid chain and all that it acknowledged, ${KILLS} times`, {
    timeout: 240_000,
  }, async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
    const directory = await mkdtemp(join(tmpdir(), 'gossipchain-crash-'));
    console.log(`SEED=${seed}; what the node keeps is in ${directory} as long as it has not passed`);
    const tally = await campaign({ seed, kills: KILLS, directory, progress: () => {} });
    console.log(`${tally}; ${tally.acknowledged} acknowledged`);
    expect(tally.kills).toBe(KILLS);
    await rm(directory, { recursive: true });
  });
});
