import { type Message, TopicValidatorResult } from '@chainsafe/libp2p-gossipsub';
import type { PeerId } from '@libp2p/interface';
import { expect, it, vi } from 'vitest';
import { Gossip, type Pubsub, topics } from '../../protocols/gossip/index.js';
import { UNCOUNTED } from '../../src/bounds.js';
import { networkId, rewardFor, rulesOf, Transaction } from '../../src/chain/index.js';
import { SILENT } from '../../src/log.js';
import { EXCHANGES_BURST } from '../../src/node/constants.js';
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

it('a peer is asked for its chain because of what it gossips only so often, and no other peer less often for it', async () => {
  const follower = { offer: async () => 'orphan' } as unknown as ChainFollower;
  const exchange = vi.fn();
  const hit = vi.fn();
  const sync = { exchange } as unknown as ChainSync;
  const judge = gossipJudge(follower, rulesOf(NETWORK), sync, { hit }, new Growth());
  judge.joined(peer('eve'));
  for (let i = 1; i < EXCHANGES_BURST; i++) expect(await judge.block(BLOCK!, peer('eve'))).toBe('ignore');
  expect(hit).not.toHaveBeenCalled();
  await judge.block(BLOCK!, peer('eve'));
  judge.joined(peer('eve'));
  expect(hit.mock.calls).toEqual(Array(2).fill(['exchange-rate', 'eve']));
  expect(exchange).toHaveBeenCalledTimes(EXCHANGES_BURST);
  judge.joined(peer('alice'));
  expect(String(exchange.mock.lastCall)).toBe('alice');
});

it('a block for which there is no room now is asked for later, since gossip does not bring it again', async () => {
  const offer = vi.fn();
  const exchange = vi.fn();
  const judge = gossipJudge(
    { offer } as unknown as ChainFollower,
    rulesOf(NETWORK),
    { exchange } as unknown as ChainSync,
    UNCOUNTED,
    { restMs: () => 1 },
  );
  expect(await judge.block(BLOCK!, peer('alice'))).toBe('ignore');
  expect(offer).not.toHaveBeenCalled();
  expect(exchange.mock.calls.map(String)).toEqual(['alice']);
});

it.each([
  ['without a nonce', new Transaction('alice', 'bob', 5), 'no-nonce'],
  ['that is a reward', rewardFor('mallory'), 'reserved-sender'],
  ['from "0", with a nonce', new Transaction('0', 'mallory', 5, '0'.repeat(32)), 'reserved-sender'],
])('a transaction %s is held against its sender, and taken by nobody', async (_, transaction, code) => {
  const follower = { admit: vi.fn() };
  const sync = {} as ChainSync;
  const judge = gossipJudge(
    follower as unknown as ChainFollower,
    rulesOf(NETWORK),
    sync,
    UNCOUNTED,
    new Growth(),
  );
  const validators = new Map<string, (from: PeerId, message: Message) => Promise<TopicValidatorResult>>();
  const pubsub = { topicValidators: validators, subscribe() {}, addEventListener() {} };
  const judged = vi.fn();
  new Gossip(pubsub as unknown as Pubsub, networkId(NETWORK), { ...judge, judged }, SILENT).start();

  const topic = topics(networkId(NETWORK)).transactions;
  const data = transaction.bytes;
  const result = await validators.get(topic)?.(peer('mallory'), { type: 'unsigned', topic, data });
  expect(result).toBe(TopicValidatorResult.Reject);
  expect(judged.mock.calls).toEqual([['transaction', 'reject', code]]);
  expect(follower.admit).not.toHaveBeenCalled();
});

it('what gossip does not carry on is told to the peers', () => {
  const announce = vi.fn();
  const sync = { announce } as unknown as ChainSync;
  gossipJudge({} as ChainFollower, rulesOf(NETWORK), sync, UNCOUNTED, new Growth()).notPassedOn();
  expect(announce).toHaveBeenCalledTimes(1);
});
