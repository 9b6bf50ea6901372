import type { PeerId } from '@libp2p/interface';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ChainProtocolError } from '../../../protocols/chain/index.js';
import { LINES_BURST } from '../../../src/node/diagnosis/constants.js';
import { Diagnostician } from '../../../src/node/diagnosis/diagnostician.js';
import type { Facts } from '../../../src/node/index.js';
import type { HeadClient } from '../../../src/node/sync.js';
import { nextBlock, testNetwork } from '../../helpers/chains.js';
import { aloneNode, CONNECTED, dial, LOOPBACK, lan, PEER, sighting } from '../../helpers/facts.js';
import { recordingLogger } from '../../network/support.js';

const HEAD = { length: 1, hash: 'ab'.repeat(32), pending: 0, digest: '0'.repeat(64) };
const PEER_ID = { toString: () => PEER } as PeerId;

type State = { -readonly [Key in keyof Facts]?: Facts[Key] };

/** A diagnostician of a node whose state the test sets. */
function watched(known: Partial<Facts> = {}) {
  const state: State = {
    interfaces: [LOOPBACK, lan()],
    sightings: [],
    dials: [],
    otherNetworks: [],
    ...known,
  };
  const log = recordingLogger();
  const looked: string[] = [];
  const diagnostician = new Diagnostician(
    {
      diagnosis: () => state as Facts,
      self: () => state.self ?? aloneNode({ startedAt: new Date() }),
      storage: async () => undefined,
    },
    () => ({
      lookFor: (digits) => void looked.push(digits),
      lookAt: ([address]) => void looked.push(String(address)),
      stop: async () => {},
    }),
    log,
  );
  const actions = () => log.said.map(({ level, action }) => `${level} ${action}`);
  return { diagnostician, state, looked, log, actions };
}

/** A client whose peer answers a question for its head with this. */
function answering(outcome: Error | typeof HEAD): HeadClient {
  return {
    head: async () => {
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
    blocks: async function* () {},
  };
}

describe('the log', () => {
  it('says once what stands in the way, and again when it has come back', () => {
    const { diagnostician, state, actions, log } = watched();
    diagnostician.look();
    expect(actions()).toEqual([]);
    const fresh = sighting({ at: new Date() });
    state.sightings = [fresh];
    state.dials = [dial('timed-out', { at: new Date() })];
    diagnostician.look();
    diagnostician.look();
    expect(actions()).toEqual(['warn port-blocked']);
    expect(log.said[0]?.fields).toMatchObject({
      what: expect.stringContaining('10.99.0.2:4002 does not answer'),
      advice: expect.stringContaining('Let connections in'),
    });
    state.dials = [];
    diagnostician.look();
    state.dials = [dial('timed-out', { at: new Date() })];
    diagnostician.look();
    expect(actions()).toEqual(['warn port-blocked', 'warn port-blocked']);
  });

  it('only mentions that nobody is there: a first node is alone on purpose', () => {
    const { diagnostician, state, actions } = watched();
    state.self = aloneNode({ startedAt: new Date(Date.now() - 20_000) });
    diagnostician.look();
    expect(actions()).toEqual(['info nobody-heard']);
  });

  it('says thirty things at once, and of more one in ten seconds, all in the end', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const peers = Array.from({ length: 40 }, (_, at) => ({ peerId: `${at}`, name: '', addresses: [] }));
    const { diagnostician, log } = watched({ self: aloneNode({ peers }) });
    for (const { peerId } of peers) {
      const block = nextBlock(testNetwork().genesis, { miner: peerId });
      diagnostician.arrived({ block, source: 'gossip', from: peerId, at: Date.now() });
    }
    const said = () => {
      diagnostician.look();
      return log.said.length;
    };
    const atOnce = said();
    expect(atOnce).toBeGreaterThanOrEqual(LINES_BURST);
    expect(atOnce).toBeLessThan(peers.length - 2);
    expect(said()).toBe(atOnce);
    vi.advanceTimersByTime(20_000);
    expect(said()).toBe(atOnce + 2);
    vi.advanceTimersByTime(120_000);
    expect(said()).toBe(peers.length);
    expect(said()).toBe(peers.length);
  });

  it('leaves to the interfaces what they say themselves', () => {
    const { diagnostician, actions } = watched({ interfaces: [LOOPBACK] });
    diagnostician.look();
    expect(actions()).toEqual([]);
  });
});

describe('who is a stranger', () => {
  const other = { name: 'other', difficulty: 1, genesisHash: 'cd'.repeat(32) };
  const wrong = new ChainProtocolError('wrong-network', 'other', { network: other });

  it('is learnt from what peers answer, and forgotten when they answer as one of us', async () => {
    const { diagnostician } = watched();
    await expect(diagnostician.watching(answering(wrong)).head(PEER_ID, HEAD)).rejects.toBe(wrong);
    expect((await diagnostician.facts()).strangers).toMatchObject([
      { peerId: PEER, why: 'other-network', network: other },
    ]);
    expect(await diagnostician.watching(answering(HEAD)).head(PEER_ID, HEAD)).toBe(HEAD);
    expect((await diagnostician.facts()).strangers).toEqual([]);
  });

  it.each([
    ['speaks no protocol of ours', 'UnsupportedProtocolError', [{ peerId: PEER, why: 'protocol-unknown' }]],
    ['is only out of reach', 'StreamResetError', []],
  ])('of a peer that %s', async (_what, name, strangers) => {
    const { diagnostician } = watched();
    const cause = Object.assign(new Error('no'), { name });
    const client = diagnostician.watching(
      answering(new ChainProtocolError('unreachable', 'no stream', { cause })),
    );
    await expect(client.head(PEER_ID, HEAD)).rejects.toThrow('no stream');
    expect((await diagnostician.facts()).strangers).toMatchObject(strangers);
  });

  it('is asked for by a node that is alone, and where one hangs up on us', () => {
    const around = { networkDigits: 'deadbeef', from: '10.99.0.9', at: new Date() };
    const hangingUp = dial('dial-failed', { peerId: undefined, address: '/ip4/10.99.0.3/tcp/1' });
    const { diagnostician, state, looked } = watched({ otherNetworks: [around], dials: [hangingUp] });
    diagnostician.look();
    expect(looked).toEqual(['deadbeef', '/ip4/10.99.0.3/tcp/1']);
    state.self = CONNECTED;
    state.dials = [dial('timed-out')];
    diagnostician.look();
    expect(looked).toHaveLength(2);
  });
});

describe('the clocks of others', () => {
  const made = nextBlock(testNetwork().genesis, { miner: PEER, timestamp: 1_769_860_800.5 });

  it.each([
    ['is connected', { self: CONNECTED }],
    ['is heard of', { sightings: [sighting()] }],
  ])('are known from blocks that were just found, where their miner %s', async (_, state) => {
    const { diagnostician } = watched(state);
    diagnostician.arrived({ block: made, source: 'gossip', from: PEER, at: 1_769_860_799_250 });
    expect((await diagnostician.facts()).clocks).toMatchObject([{ peerId: PEER, offsetMs: -1250 }]);
  });

  it('are not known from a reward to somebody else: it may go to any text', async () => {
    const { diagnostician } = watched({ self: CONNECTED });
    for (const miner of ['nobody', `${PEER}x`]) {
      const block = nextBlock(testNetwork().genesis, { miner });
      diagnostician.arrived({ block, source: 'gossip', from: PEER, at: 0 });
    }
    expect((await diagnostician.facts()).clocks).toEqual([]);
  });

  it.each([Number.MAX_VALUE, 1e300, Number.MAX_SAFE_INTEGER])(
    'are not known from a timestamp of no clock, %s',
    async (timestamp) => {
      const { diagnostician } = watched({ self: CONNECTED });
      const block = nextBlock(testNetwork().genesis, { miner: PEER, timestamp });
      diagnostician.arrived({ block, source: 'gossip', from: PEER, at: 0 });
      expect((await diagnostician.facts()).clocks).toEqual([]);
    },
  );

  it.each(['sync', 'own'] as const)('are not known from a block by %s', async (source) => {
    const { diagnostician } = watched({ self: CONNECTED });
    diagnostician.arrived({ block: made, source, from: PEER, at: 0 });
    expect((await diagnostician.facts()).clocks).toEqual([]);
  });
});
