import type { PeerId } from '@libp2p/interface';
import { expect, it } from 'vitest';
import { UNCOUNTED } from '../../src/bounds.js';
import { rulesOf } from '../../src/chain/index.js';
import type { ChainFollower } from '../../src/node/follower.js';
import { gossipJudge } from '../../src/node/gossip-judge.js';
import { Growth } from '../../src/node/growth.js';
import type { ChainSync } from '../../src/node/sync.js';
import { chainOf, testNetwork } from '../helpers/chains.js';

const NETWORK = testNetwork();
const [, BLOCK] = chainOf(NETWORK, 2, { miner: 'the miner' });
const peer = (name: string) => ({ toString: () => name }) as PeerId;

it('a block that its miner itself has sent is kept at once, and passed on after one that somebody else has', async () => {
  const offered: (string | null)[] = [];
  const follower = {
    offer: async (_: unknown, from: string | null) => {
      offered.push(from);
      return 'appended';
    },
  } as unknown as ChainFollower;
  const sync = { heads: { passedOn() {} } } as unknown as ChainSync;
  const judge = gossipJudge(follower, rulesOf(NETWORK), sync, UNCOUNTED, new Growth());

  const passedOn: string[] = [];
  const pass = async (name: string) => {
    expect(await judge.block(BLOCK!, peer(name))).toBe('accept');
    passedOn.push(name);
  };
  const both = [pass('the miner'), pass('somebody else')];
  expect(offered).toEqual(['the miner', 'somebody else']);
  await Promise.all(both);
  expect(passedOn).toEqual(['somebody else', 'the miner']);
});
