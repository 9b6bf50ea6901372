/** The room: every node that this one knows of, how long its chain is, and how far behind the longest. */
import { EventEmitter } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Block } from '../../src/chain/index.js';
import { LongestSeen } from '../../src/control/longest-seen.js';
import { Room } from '../../src/control/room.js';
import { ROOM } from '../../src/control/schemas/room.js';
import type { NodeEvents, NodePeer } from '../../src/node/index.js';
import { chainOf, extend, testNetwork } from '../helpers/chains.js';
import { ask, expectToMatch, fakeNode, serve, startNode } from './support.js';

const network = testNetwork();
const ours = chainOf(network, 4, { miner: 'us' });
const theirs = extend(ours.slice(0, 2), 2, { miner: 'them' });
const idOf = (name: string) => `12D3Koo${name.toUpperCase()}`.replaceAll('O', 'o').padEnd(52, 'W');

function peer(name: string, head: { index: number; hash: string } | undefined): NodePeer {
  return {
    peerId: idOf(name),
    name,
    addresses: [],
    direction: 'inbound',
    connectedAt: new Date(1_700_000_000_000),
    rttMs: 1.5,
    length: head?.index ?? null,
    head: head?.hash ?? null,
    heardAt: head === undefined ? null : 1_700_000_000_000,
  };
}

/** A node with the chain `ours` and these peers; what it is asked for is counted. */
function nodeWith(peers: NodePeer[], survey: () => Promise<void> = async () => {}) {
  const events = new EventEmitter<NodeEvents>();
  const known = { peers, surveys: 0 };
  const node = fakeNode({
    on: events.on.bind(events) as never,
    status: () => ({ peerId: idOf('ada'), name: 'ada', head: { length: 4, hash: ours[3]!.hash } }) as never,
    peers: () => known.peers,
    survey: () => {
      known.surveys++;
      return survey();
    },
    block: async (hash) => {
      const block = ours.find((one) => one.hash === hash);
      return block && { block, confirmations: 1 };
    },
  });
  return { node, events, known };
}

describe('the room', () => {
  it('is this node, and each peer with how its chain stands to ours', async () => {
    const { node, events } = nodeWith([
      peer('bob', ours[3]),
      peer('carol', ours[1]),
      peer('dan', theirs[3]),
      peer('eve', { index: 6, hash: 'e'.repeat(64) }),
      peer('frank', undefined),
    ]);
    const { url } = await serve(node);
    const head = { length: 4, hash: ours[3]!.hash, proof: ours[3]!.proof };
    events.emit('fork', { block: theirs[3]!, fork: 2, head, from: 'them', at: Date.now() });
    const { json } = await ask(`${url}/room`);
    expectToMatch(json, ROOM);
    expect(json).toMatchObject([
      { name: 'ada', state: 'this', length: 4, chain: 'same', behind_blocks: 2 },
      { name: 'bob', state: 'connected', length: 4, chain: 'same', behind_blocks: 2, rtt_ms: 1.5 },
      { name: 'carol', length: 2, chain: 'behind', behind_blocks: 4, fork: null },
      { name: 'dan', length: 4, chain: 'fork', fork: 2, behind_blocks: 2 },
      { name: 'eve', length: 6, chain: 'ahead', behind_blocks: 0, behind_ms: 0 },
      { name: 'frank', length: null, head: null, chain: 'unknown', behind_blocks: null, behind_ms: null },
    ]);
  });

  it('says of a chain that it shares with ours what ours has kept, when ours is replaced again', async () => {
    const { node, events } = nodeWith([peer('dan', theirs[3])]);
    const room = new Room(node);
    const head = (block: Block) => ({ length: block.index, hash: block.hash, proof: block.proof });
    const reorg = { removed: 1, added: 2, newHead: head(ours[3]!), returned: [], from: null, at: 0 };
    events.emit('reorg', { ...reorg, fork: 2, oldHead: head(theirs[3]!) });
    events.emit('reorg', { ...reorg, fork: 1, oldHead: { ...head(ours[2]!), hash: 'f'.repeat(64) } });
    expect((await room.look())[1]).toMatchObject({ name: 'dan', chain: 'fork', fork: 1 });
    events.emit('reorg', { ...reorg, fork: 3, oldHead: { ...head(ours[2]!), hash: 'e'.repeat(64) } });
    expect((await room.look())[1]).toMatchObject({ name: 'dan', chain: 'fork', fork: 1 });
  });

  it('keeps in sight whom the node lost as it opened its chain anew, and who comes back has not left', async () => {
    const { node, events, known } = nodeWith([peer('bob', ours[3]), peer('dan', ours[3])]);
    const room = new Room(node);
    await room.look();
    known.peers = [peer('dan', ours[3])];
    events.emit('restart', { at: 1_700_000_001_000 });
    expect(await room.look()).toMatchObject([
      { state: 'this' },
      { name: 'dan', state: 'connected' },
      { name: 'bob', state: 'left', since: '2023-11-14T22:13:21.000Z' },
    ]);
    known.peers = [];
    events.emit('restart', { at: 1_700_000_002_000 });
    events.emit('restart', { at: 1_700_000_003_000 });
    known.peers = [];
    expect((await room.look()).map(({ name, since }) => [name, since])).toEqual([
      ['ada', null],
      ['bob', '2023-11-14T22:13:21.000Z'],
      ['dan', '2023-11-14T22:13:22.000Z'],
    ]);
    known.peers = [peer('dan', ours[3])];
    events.emit('peer', { peerId: idOf('dan'), name: 'dan', change: 'connected', at: 0 });
    expect((await room.look()).map(({ name, state }) => [name, state])).toEqual([
      ['ada', 'this'],
      ['dan', 'connected'],
      ['bob', 'left'],
    ]);
  });

  it('keeps whoever has left in sight, until they come back', async () => {
    const { node, events, known } = nodeWith([peer('bob', ours[3])]);
    const room = new Room(node);
    await room.look();
    known.peers = [];
    events.emit('peer', { peerId: idOf('bob'), name: 'bob', change: 'disconnected', at: 1_700_000_001_000 });
    expect((await room.look())[1]).toMatchObject({
      name: 'bob',
      state: 'left',
      since: '2023-11-14T22:13:21.000Z',
      length: 4,
      behind_blocks: null,
    });
    events.emit('peer', { peerId: idOf('bob'), name: 'bob', change: 'connected', at: 1_700_000_002_000 });
    expect(await room.look()).toHaveLength(1);
  });

  it('does not forget how long we have been behind when our own chain grows by a block', async () => {
    const { node, events } = nodeWith([peer('eve', { index: 20, hash: 'e'.repeat(64) })]);
    const room = new Room(node);
    await room.look();
    const block = ours[3]!;
    const at = Date.now() + 60_000;
    vi.setSystemTime(at);
    onTestFinished(() => void vi.useRealTimers());
    events.emit('block', { block, source: 'own', from: null, at });
    const [ada] = await room.look();
    expect(ada).toMatchObject({ behind_blocks: 16 });
    expect(ada?.behind_ms).toBeGreaterThanOrEqual(60_000);
  });

  it('asks the peers once for all who look at the same time, and waits for none that is slow', async () => {
    const { node, known } = nodeWith([peer('bob', ours[3])], () => new Promise(() => {}));
    const room = new Room(node);
    const all = await Promise.all([room.look(), room.look(), room.look()]);
    expect(all.map((nodes) => nodes.length)).toEqual([2, 2, 2]);
    expect(known.surveys).toBe(1);
  });

  it('is learnt from the peers themselves', async () => {
    const [ada, bob] = await Promise.all([
      startNode({ node: { name: 'ada' } }),
      startNode({ node: { name: 'bob', manual: true } }),
    ]);
    await ada.node.connect(bob.node.addresses()[0] as string);
    const room = async () => (await ask(`${ada.url}/room`)).json;
    // A manual node follows nobody, and tells nobody: only the survey finds out.
    for (let i = 0; i < 2; i++) await bob.node.mine();
    await expect.poll(async () => (await room())[1]).toMatchObject({ name: 'bob', length: 3 });
    await expect.poll(() => ada.node.status().head.length).toBe(3);
    for (let i = 0; i < 3; i++) await ada.node.mine();
    await expect.poll(room, { timeout: 10_000 }).toMatchObject([
      { name: 'ada', behind_blocks: 0 },
      { name: 'bob', length: 3, chain: 'behind' },
    ]);
  });
});

describe('being behind', () => {
  it('begins when a longer chain is known, and ends with it', () => {
    const longest = new LongestSeen(10);
    longest.note(5, 1_000);
    longest.note(6, 2_000);
    longest.note(7, 3_000);
    expect([4, 5, 6, 7, 8].map((length) => longest.behindMs(length, 3_500))).toEqual([
      2_500, 1_500, 500, 0, 0,
    ]);
    longest.note(6, 4_000);
    expect(longest.behindMs(6, 5_000)).toBe(0);
    longest.note(7, 6_000);
    expect(longest.behindMs(6, 6_100)).toBe(100);
  });

  it('is known for as far back as is kept', () => {
    const longest = new LongestSeen(10);
    for (let length = 1; length <= 1_000; length++) longest.note(length, length);
    expect(longest.behindMs(999, 1_000)).toBe(0);
    expect(longest.behindMs(995, 1_000)).toBe(4);
    const most = longest.behindMs(1, 1_000);
    expect(most).toBeGreaterThanOrEqual(9);
    expect(most).toBeLessThanOrEqual(20);
  });
});
