import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { multiaddr } from '@multiformats/multiaddr';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { CHAIN_PROTOCOL } from '../../protocols/chain/constants.js';
import { createNetwork, MEMPOOL_LIMITS } from '../../src/chain/index.js';
import { MAX_REGISTERED_NODES } from '../../src/control/constants.js';
import { Network } from '../../src/network/index.js';
import { BRANCH_TIDY_MS } from '../../src/node/constants.js';
import { ChainFollower } from '../../src/node/follower.js';
import { createNode, type NodeEvents } from '../../src/node/index.js';
import { Recovery } from '../../src/node/recovery.js';
import { Directory } from '../../src/storage/index.js';
import { layout } from '../../src/storage/layout.js';
import { pendingRecord } from '../../src/storage/records.js';
import { startTwoHosts } from '../helpers/hosts.js';
import { mineBlocks, NETWORK, scratch, startConnected, startNode, until, untilAgreed } from './support.js';

const PAYMENT = { sender: 'alice', recipient: 'bob', amount: 5 };

describe('a node', () => {
  it('takes no port and touches no file before it is started, and says that it is not running', () => {
    const directory = join(scratch(), 'data');
    const node = createNode({ dataDir: directory });
    expect(() => node.status()).toThrow(expect.objectContaining({ code: 'not-running' }));
    expect(existsSync(directory)).toBe(false);
  });

  it('can be started and stopped twice', async () => {
    const node = await startNode();
    await node.start();
    await node.stop();
    await node.stop();
    await node.start();
    expect(node.status().head.length).toBe(1);
  });

  it('gives its data directory free, and ends the rest, where one of its parts does not end well', async () => {
    const dataDir = join(scratch(), 'data');
    const node = await startNode({ dataDir });
    const { stop } = Network.prototype;
    const stopped = vi.spyOn(Network.prototype, 'stop').mockImplementationOnce(async function (
      this: Network,
    ) {
      await stop.call(this);
      throw new Error('not well');
    });
    await node.stop();
    expect(stopped).toHaveBeenCalledOnce();
    stopped.mockRestore();
    const again = await startNode({ dataDir });
    expect(again.status().head.length).toBe(1);
  });

  it('that was stopped stays so, whatever failed while it was stopped', async () => {
    const dataDir = join(scratch(), 'data');
    const node = await startNode({ dataDir });
    const begun = vi.spyOn(Network.prototype, 'stop');
    const given = vi.spyOn(Recovery.prototype, 'stop');
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    await node.stop();
    const last = (calls: readonly number[]) => calls.at(-1) ?? 0;
    expect(last(given.mock.invocationCallOrder)).toBeGreaterThan(last(begun.mock.invocationCallOrder));
  });

  it('leaves nothing behind when it cannot start', async () => {
    const holder = await startNode();
    const taken = holder.addresses()[0]?.replace(/\/p2p\/.*/, '') as string;
    const directory = join(scratch(), 'data');
    const node = createNode({ dataDir: directory, listen: [taken], mdns: false });
    await expect(node.start()).rejects.toMatchObject({ name: 'ListenError', code: 'port-taken' });
    expect(existsSync(directory)).toBe(false);
  });

  it('keeps its chain, its pending transactions, its key and its port over a restart', async () => {
    const dataDir = join(scratch(), 'data');
    const options = { dataDir, listen: ['/ip4/127.0.0.1/tcp/0'] };
    const before = await startNode(options);
    await before.send(PAYMENT);
    await before.mine();
    const { id } = (await before.send(PAYMENT)).transaction;
    const { head, peerId, addresses } = before.status();
    await before.stop();
    const after = await startNode(options);
    expect(after.status()).toMatchObject({ head, peerId, addresses });
    expect(after.pending().map(({ transaction }) => transaction.id)).toEqual([id]);
    expect(readFileSync(join(dataDir, 'key')).length).toBeGreaterThan(0);
  });

  it('mines on where a payment of its chain has come back to those that are pending', async () => {
    const dataDir = join(scratch(), 'data');
    const before = await startNode({ dataDir });
    const { transaction } = await before.send(PAYMENT);
    await before.mine();
    await before.stop();
    const level = await new Directory(join(dataDir, 'chain')).open();
    const record = pendingRecord({ transaction, receivedAt: 0, from: null, order: 0 });
    await level.put(layout.pending(transaction.id), record);
    await level.close();
    const after = await startNode({ dataDir });
    expect(after.pending()).toEqual([]);
    expect((await after.mine()).index).toBe(3);
  });

  it('takes no more payments than may wait, says so, and takes some again once a block has some of them', async () => {
    const node = await startNode();
    // As large as they may be, so that they need not be many.
    const name = '\u{1f4b0}'.repeat(256);
    const large = { sender: name, recipient: name, amount: 1 };
    const { transaction } = await node.send(large);
    const room = Math.floor(MEMPOOL_LIMITS.bytes / transaction.text.length);
    for (let count = 1; count < room; count++) await node.send(large);
    await expect(node.send(large)).rejects.toMatchObject({ name: 'NodeError', code: 'mempool-full' });
    expect(node.pending()).toHaveLength(room);
    // One that waits already needs no room.
    expect(await node.send(transaction.toJSON())).toMatchObject({ status: 'pending' });
    const { transactions } = await node.mine();
    expect(node.pending()).toHaveLength(room - (transactions.length - 1));
    expect(await node.send(large)).toMatchObject({ status: 'pending' });
  });

  it('is refused a directory that another holds, or that belongs to another network', async () => {
    const dataDir = join(scratch(), 'data');
    const holder = await startNode({ dataDir });
    await expect(createNode({ dataDir, network: NETWORK, mdns: false }).start()).rejects.toMatchObject({
      code: 'in-use',
    });
    await holder.stop();
    const other = createNode({ dataDir, network: createNetwork({ name: 'other' }), mdns: false });
    await expect(other.start()).rejects.toMatchObject({ code: 'other-network' });
  });

  it('may have dozens of listeners, as when many nodes are registered at once, and no warning comes of it', async () => {
    const warnings: Error[] = [];
    const warned = (warning: Error) => void warnings.push(warning);
    process.on('warning', warned);
    onTestFinished(() => void process.off('warning', warned));
    const node = createNode();
    for (let count = 0; count < MAX_REGISTERED_NODES; count++) node.on('peer', () => {});
    await turn();
    expect(warnings).toEqual([]);
  });

  it('does not fall with a listener that throws', async () => {
    const node = await startNode();
    node.on('block', () => {
      throw new Error('the listener is broken');
    });
    await node.mine();
    expect(node.status().head.length).toBe(2);
  });
});

describe('mining', () => {
  it('forges on the head, pays the node, and takes what is pending', async () => {
    const node = await startNode();
    const { transaction } = await node.send(PAYMENT);
    const block = await node.mine();
    expect(block.transactions.map(({ id }) => id)[0]).toBe(transaction.id);
    expect(block.transactions.at(-1)).toMatchObject({ sender: '0', recipient: node.peerId, amount: 1 });
    expect(node.pending()).toEqual([]);
    expect(await node.transaction(transaction.id)).toMatchObject({ block: 2, confirmations: 1 });
  });

  it('answers each caller with the block that its call forged, five at a time', async () => {
    const node = await startNode();
    const calls = Array.from({ length: 7 }, () =>
      node.mine().then(
        (block) => block.index,
        (error) => error.code,
      ),
    );
    expect(await Promise.all(calls)).toEqual([2, 3, 4, 5, 6, 'mining-busy', 'mining-busy']);
  });

  it('ends when its caller goes away, and the next caller is served', async () => {
    const hard = createNetwork({ name: 'hard', difficulty: 16 });
    const node = await startNode({ network: hard });
    const leaving = new AbortController();
    const left = node.mine(leaving.signal);
    await until(() => node.status().mining !== null);
    expect(node.status().mining).toMatchObject({ index: 2 });
    const waiting = Array.from({ length: 4 }, () => node.mine(leaving.signal));
    await expect(node.mine()).rejects.toMatchObject({ code: 'mining-busy' });
    leaving.abort(new Error('gone'));
    for (const call of [left, ...waiting]) await expect(call).rejects.toThrow('gone');
    await until(() => node.status().mining === null);
    const next = new AbortController();
    const served = node.mine(next.signal);
    await until(() => node.status().mining !== null);
    next.abort();
    await expect(served).rejects.toThrow();
  });

  it('happens by itself at intervals when it is asked to', async () => {
    const node = await startNode({ mineEverySeconds: 0.01 });
    await until(() => node.status().head.length >= 4);
  });
});

describe('sending', () => {
  it('with the same nonce again is not a second payment, pending or mined', async () => {
    const node = await startNode();
    const payment = { ...PAYMENT, nonce: '0123456789abcdef0123456789abcdef' };
    const first = await node.send(payment);
    expect(first).toMatchObject({ status: 'pending', block: 2 });
    expect((await node.send(payment)).transaction.id).toBe(first.transaction.id);
    expect(node.pending()).toHaveLength(1);
    await node.mine();
    expect(await node.send(payment)).toMatchObject({ status: 'in_block', block: 2 });
    expect(node.pending()).toHaveLength(0);
  });

  it.each([
    ['nobody', {}, 'missing-values'],
    ['from "0"', { ...PAYMENT, sender: '0' }, 'reserved-sender'],
    ['nothing', { ...PAYMENT, amount: 0 }, 'malformed'],
  ])('%s is refused', async (_what, fields, code) => {
    const node = await startNode();
    await expect(node.send(fields)).rejects.toMatchObject({ name: 'InvalidTransaction', code });
    expect(node.pending()).toEqual([]);
  });
});

describe('nodes that are connected', () => {
  it('pass on transactions and blocks', async () => {
    const nodes = await startConnected(4);
    const { transaction } = await nodes[1]!.send(PAYMENT);
    await until(() => nodes.every((node) => node.pending().length === 1));
    expect(nodes[2]!.pending()[0]).toMatchObject({ transaction: { amount: 5 } });
    expect(nodes[2]!.pending()[0]?.from).not.toBeNull();
    const heard = vi.fn<(...event: NodeEvents['block']) => void>();
    nodes[3]!.on('block', heard);
    await nodes[2]!.mine();
    await untilAgreed(nodes, 2);
    expect(nodes.every((node) => node.pending().length === 0)).toBe(true);
    expect(heard.mock.calls[0]?.[0]).toMatchObject({ source: 'gossip' });
    expect(await nodes[0]!.transaction(transaction.id)).toMatchObject({ block: 2 });
  });

  it('know the length and head of their peers', async () => {
    const [first, second] = await startConnected(2);
    await first!.mine();
    await until(() => second!.peers()[0]?.length === 2);
    expect(second!.peers()[0]).toMatchObject({ peerId: first!.peerId, head: first!.status().head.hash });
    await until(() => first!.peers()[0]?.length === 2);
  });

  it('agree on the longest chain when they meet, and what fell out is pending again', async () => {
    const [shorter, longer] = [await startNode(), await startNode()];
    await mineBlocks(longer, 5);
    const { transaction } = await shorter.send(PAYMENT);
    await mineBlocks(shorter, 3);
    const reorg = vi.fn<(...event: NodeEvents['reorg']) => void>();
    shorter.on('reorg', reorg);
    await shorter.connect(longer.addresses()[0] as string);
    await untilAgreed([shorter, longer], 6);
    expect(reorg.mock.calls[0]?.[0]).toMatchObject({
      fork: 1,
      removed: 3,
      added: 5,
      returned: [transaction.id],
    });
    await until(() => longer.pending().length === 1);
    expect((await shorter.replaced()).map(({ block }) => block.index)).toEqual([4, 3, 2]);
  });

  it('sync a chain of several pieces, and then what is mined meanwhile', async () => {
    const long = await startNode();
    await mineBlocks(long, 60);
    const late = await startNode();
    await late.connect(long.addresses()[0] as string);
    await mineBlocks(long, 5);
    await untilAgreed([long, late], 66);
  });

  it('name a tie and keep their own chain in it, until the next block decides', async () => {
    const [one, two] = [await startNode(), await startNode()];
    await mineBlocks(one, 1);
    await mineBlocks(two, 1);
    const own = one.status().head.hash;
    await one.connect(two.addresses()[0] as string);
    await until(() => one.status().tiedHeads.length === 1 && two.status().tiedHeads.length === 1);
    expect(one.status()).toMatchObject({ head: { hash: own }, tiedHeads: [two.status().head.hash] });
    await two.mine();
    await untilAgreed([one, two], 3);
    expect(one.status().tiedHeads).toEqual([]);
  });

  it('do not follow a node of another network', async () => {
    const node = await startNode();
    const other = await startNode({ network: createNetwork({ name: 'other', difficulty: 1 }) });
    await mineBlocks(other, 3);
    await expect(node.connect(other.addresses()[0] as string)).rejects.toMatchObject({
      code: 'other-network',
      message: expect.stringContaining('"other"'),
    });
    await until(() => node.peers().length === 0);
    expect(node.status().head.length).toBe(1);
  });

  it('do not go on dialling one of another network that they were asked to connect to', async () => {
    const letGo = vi.spyOn(Network.prototype, 'letGo');
    onTestFinished(() => letGo.mockRestore());
    const node = await startNode();
    const other = await startNode({ network: createNetwork({ name: 'other', difficulty: 1 }) });
    const same = await startNode();
    const [address = ''] = other.addresses();
    await expect(node.connect(address)).rejects.toMatchObject({ code: 'other-network' });
    await node.connect(same.addresses()[0] as string);
    expect(letGo.mock.calls).toEqual([[address, other.peerId]]);
  });
});

describe('a peer that lets a node in and does not answer', () => {
  it('is waited for no longer than whoever asked for it wants to wait', async () => {
    const [mute] = await startTwoHosts();
    await mute.handle(CHAIN_PROTOCOL, () => {});
    const node = await startNode();
    const connecting = node.connect(`${mute.getMultiaddrs()[0]}`, AbortSignal.timeout(2_000));
    await expect(connecting).rejects.toMatchObject({
      code: 'timed-out',
      message: expect.stringMatching('does not answer'),
    });
  });
});

it('does not say that its chain was replaced where it only mined on it meanwhile', async () => {
  const [mute] = await startTwoHosts();
  await mute.handle(CHAIN_PROTOCOL, () => {});
  const node = await startNode();
  await mute.dial(multiaddr(node.addresses()[0]));
  await until(() => node.peers().length > 0);
  const resolving = node.resolve();
  await node.mine();
  await mute.stop();
  expect(await resolving).toBe(false);
  expect(node.status().head.length).toBe(2);
});

describe('a node in manual mode', () => {
  it('lets go of branches that have stopped growing, too', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const tidy = vi.spyOn(ChainFollower.prototype, 'tidy');
    onTestFinished(() => tidy.mockRestore());
    await startNode({ manual: true });
    vi.advanceTimersByTime(BRANCH_TIDY_MS);
    expect(tidy).toHaveBeenCalledOnce();
  });

  it('neither hears of blocks nor follows a longer chain, until it resolves', async () => {
    const manual = await startNode({ manual: true });
    const other = await startNode();
    await other.connect(manual.addresses()[0] as string);
    const followed: unknown[] = [];
    manual.on('block', ({ source }) => followed.push(source));
    manual.on('reorg', () => followed.push('reorg'));
    await mineBlocks(other, 3);
    await until(() => manual.peers()[0]?.length === 4);
    await manual.send(PAYMENT);
    await manual.mine();
    await manual.survey();
    expect(followed).toEqual(['own']);
    expect(manual.status().head.length).toBe(2);
    expect(await other.resolve()).toBe(false);
    expect(await manual.resolve()).toBe(true);
    expect(manual.status().head.hash).toBe(other.status().head.hash);
    expect(manual.pending()).toHaveLength(1);
    expect(await manual.resolve()).toBe(false);
  });
});
