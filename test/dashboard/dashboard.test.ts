/** All that the page knows, and how it learns it from a node. */
import { describe, expect, it, vi } from 'vitest';
import { Dashboard } from '../../src/dashboard/model/dashboard.js';
import type { Events } from '../../src/dashboard/node/answers.js';
import { FakeNode, refused } from './fake-node.js';

const NOON = '2026-01-01T12:00:00.000Z';
/** Longer than all that the page does by itself, in ms. */
const PATIENCE_MS = 5_000;

function open(): Dashboard {
  const dashboard = new Dashboard(() => {});
  dashboard.start();
  return dashboard;
}

/** To a chain of this length. */
function reorganisation(length: number, at: string): Events['reorg'] {
  const heads = { old_head: { length: 2, hash: 'old' }, new_head: { length, hash: 'new' } };
  return { fork: 1, removed: 1, added: length - 1, ...heads, returned: [], from: 'bob', at };
}

/** Lets time pass until this holds: as fast as the machine can, not as a clock would. */
async function eventually(check: () => void): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await vi.advanceTimersByTimeAsync(20);
    }
  }
}

/** As a browser tells that the page's tab is hidden, or shown. */
function look(isThere: boolean): void {
  Object.assign(document, { hidden: !isThere });
  document.dispatchEvent(new Event('visibilitychange'));
}

async function until(dashboard: Dashboard, state: Dashboard['connection']['state']): Promise<void> {
  await eventually(() => expect(dashboard.connection.state).toBe(state));
}

it('goes on where it was when it is signed in again: nothing is told twice, nor asked twice as often', async () => {
  const node = FakeNode.stand();
  const dashboard = open();
  await until(dashboard, 'live');
  const transaction = { sender: 'alice', recipient: 'bob', amount: 5 };
  node.tell('transaction', { id: 'id', transaction, from: null, at: NOON });
  for (let time = 0; time < 2; time++) {
    node.locked = true;
    node.cut();
    await until(dashboard, 'locked');
    await dashboard.signIn('token');
    await until(dashboard, 'live');
  }
  const before = node.times('GET /peers');
  await vi.advanceTimersByTimeAsync(30_000);
  expect(node.times('GET /peers') - before).toBeLessThanOrEqual(11);
  expect(dashboard.stories.of('id').map(({ kind }) => kind)).toEqual(['sent']);
});

it('follows once, however often it is signed in', async () => {
  const node = FakeNode.stand();
  node.locked = true;
  const dashboard = open();
  await until(dashboard, 'locked');
  await Promise.all([dashboard.signIn('token'), dashboard.signIn('token')]);
  await until(dashboard, 'live');
  await dashboard.signIn('token');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(node.times('GET /events')).toBe(2);
});

it('keeps the names of the peers met last', async () => {
  const node = FakeNode.stand();
  const dashboard = open();
  await until(dashboard, 'live');
  for (let at = 0; at < 2_000; at++)
    node.tell('peer', { peer_id: `peer ${at}`, name: `name ${at}`, change: 'connected', at: NOON });
  await eventually(() => expect(dashboard.nameOf('peer 1999')).toBe('name 1999'));
  expect(dashboard.nameOf('peer 1200')).toBe('name 1200');
  expect(dashboard.nameOf('peer 0')).toBe('');
});

describe('while nobody looks', () => {
  it('leaves its connection to other pages, and misses nothing of what happens', async () => {
    const node = FakeNode.stand();
    const dashboard = open();
    await until(dashboard, 'live');
    const transaction = { sender: 'alice', recipient: 'bob', amount: 5 };
    node.tell('transaction', { id: 'before', transaction, from: null, at: NOON });
    await eventually(() => expect(dashboard.stories.of('before')).toHaveLength(1));
    look(false);
    await eventually(() => expect(node.listeners).toBe(0));
    const asked = node.asked.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(node.asked.length).toBe(asked);
    node.tell('transaction', { id: 'meanwhile', transaction, from: 'bob', at: NOON });
    expect(dashboard.connection.state).toBe('live');
    look(true);
    await eventually(() => expect(dashboard.stories.of('meanwhile')).toHaveLength(1));
    expect(dashboard.stories.of('before')).toHaveLength(1);
    // It was the page that was away, and not the node.
    expect(dashboard.connection.state).toBe('live');
    expect(dashboard.returned).toBeUndefined();
  });

  it('learns afterwards that the node was started again, or that it is another one now', async () => {
    const node = FakeNode.stand();
    const dashboard = open();
    await eventually(() => expect(dashboard.chain.length).toBe(1));
    look(false);
    await eventually(() => expect(node.listeners).toBe(0));
    node.restart();
    look(true);
    await eventually(() =>
      expect(dashboard.returned).toEqual({
        at: expect.any(Number),
        awayMs: undefined,
        restarted: true,
        change: 'different',
      }),
    );
    dashboard.dismiss('returned');
    look(false);
    await eventually(() => expect(node.listeners).toBe(0));
    node.restart();
    node.status = { ...node.status, peer_id: 'another' };
    look(true);
    await eventually(() =>
      expect(dashboard.returned).toMatchObject({ restarted: true, change: 'other-node' }),
    );
    // And is told of nothing where nothing was.
    dashboard.dismiss('returned');
    look(false);
    await eventually(() => expect(node.listeners).toBe(0));
    look(true);
    await eventually(() => expect(node.listeners).toBe(1));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(dashboard.returned).toBeUndefined();
  });

  it('does not let go for a glance elsewhere', async () => {
    const node = FakeNode.stand();
    const dashboard = open();
    await until(dashboard, 'live');
    for (let time = 0; time < 5; time++) {
      look(false);
      await vi.advanceTimersByTimeAsync(1_500);
      look(true);
      await vi.advanceTimersByTimeAsync(1_500);
    }
    expect(node.times('GET /events')).toBe(1);
  });

  it('is told at once that the node has gone meanwhile, when somebody looks again', async () => {
    const node = FakeNode.stand();
    const dashboard = open();
    await until(dashboard, 'live');
    look(false);
    await eventually(() => expect(node.listeners).toBe(0));
    node.refusal = () => {
      throw new TypeError('Failed to fetch');
    };
    look(true);
    await until(dashboard, 'away');
    look(false);
    await vi.advanceTimersByTimeAsync(10_000);
    const asked = node.times('GET /events');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(node.times('GET /events')).toBe(asked);
    node.refusal = undefined;
    look(true);
    await until(dashboard, 'live');
    await eventually(() => expect(dashboard.returned).toMatchObject({ restarted: false }));
  });

  it('lets go also of a page that was opened in a tab behind', async () => {
    const node = FakeNode.stand();
    look(false);
    const dashboard = open();
    await until(dashboard, 'live');
    await eventually(() => expect(node.listeners).toBe(0));
    look(true);
    await eventually(() => expect(node.listeners).toBe(1));
  });
});

it('knows of a tie as soon as there is one, and of none when its own chain has grown', async () => {
  const node = FakeNode.stand();
  const dashboard = open();
  await eventually(() => expect(dashboard.chain.length).toBe(1));
  node.status = { ...node.status, tied_heads: ['rival'] };
  node.tell('fork', { index: 1, hash: 'rival', fork: 0, from: 'bob', at: NOON });
  await vi.advanceTimersByTimeAsync(500);
  expect(dashboard.tiedHeads).toEqual(['rival']);
  // What the node says of the block that decides is late: the page knows by itself.
  const release = node.hold('GET /status');
  const block = { index: 2, timestamp: 0, transactions: [], proof: 0, previous_hash: 'hash 1' };
  node.tell('block', { index: 2, hash: 'hash 2', block, source: 'gossip', from: 'bob', at: NOON });
  await eventually(() => expect(dashboard.chain.length).toBe(2));
  expect(dashboard.tiedHeads).toEqual([]);
  release();
});

it('tells a block of its own node that was found too late from those that came', async () => {
  const node = FakeNode.stand();
  const dashboard = open();
  await until(dashboard, 'live');
  for (const [hash, from] of [
    ['theirs', 'bob'],
    ['ours', null],
  ] as const)
    node.tell('fork', { index: 1, hash, fork: 0, from, at: NOON });
  await eventually(() => expect(dashboard.arrivals.of('ours')?.source).toBe('own'));
  expect(dashboard.arrivals.of('theirs')?.source).toBe('gossip');
});

it('learns what no event tells: that another page has set how often to mine, and a new invitation', async () => {
  const node = FakeNode.stand();
  const dashboard = open();
  await eventually(() => expect(dashboard.mining.everySeconds).toBe(null));
  await eventually(() => expect(dashboard.invitation).toBe('one'));
  node.everySeconds = 5;
  node.invitation = 'two';
  await vi.advanceTimersByTimeAsync(4_000);
  expect(dashboard.mining.everySeconds).toBe(5);
  expect(dashboard.invitation).toBe('two');
  node.invitation = undefined;
  await vi.advanceTimersByTimeAsync(4_000);
  expect(dashboard.invitation).toBeUndefined();
});

it('does not take back how often to mine for an answer that is older', async () => {
  const node = FakeNode.stand();
  const dashboard = open();
  await eventually(() => expect(dashboard.mining.everySeconds).toBe(null));
  const release = node.hold('GET /mining');
  await eventually(() => expect(node.times('GET /mining')).toBe(2));
  await dashboard.mining.setPace(10);
  release();
  await vi.advanceTimersByTimeAsync(0);
  expect(dashboard.mining.everySeconds).toBe(10);
});

/** A page is read where the time may be another than at its node. */
describe.each(['2001-01-01T00:00:00.000Z', '2099-01-01T00:00:00.000Z'])('by a clock that says %s', (at) => {
  it('tells of a reorganisation that came while the page was open, and of none before', async () => {
    const node = FakeNode.stand();
    node.status = { ...node.status, length: 5, head: 'hash 5' };
    node.tell('reorg', reorganisation(5, at));
    const dashboard = open();
    await eventually(() => expect(dashboard.chain.length).toBe(5));
    expect(dashboard.reorg).toBeUndefined();
    node.tell('reorg', reorganisation(6, at));
    await eventually(() => expect(dashboard.reorg?.new_head.length).toBe(6));
  });

  it('says which block came', async () => {
    const node = FakeNode.stand();
    const dashboard = open();
    await eventually(() => expect(dashboard.chain.length).toBe(1));
    const block = { index: 2, timestamp: 0, transactions: [], proof: 0, previous_hash: 'hash 1' };
    node.tell('block', { index: 2, hash: 'hash 2', block, source: 'gossip', from: 'bob', at });
    await eventually(() => expect(dashboard.news).toEqual({ index: 2, from: 'bob' }));
  });
});

it('tells of a reorganisation of a node that was started again with less than it had', async () => {
  const node = FakeNode.stand();
  node.status = { ...node.status, length: 5, head: 'hash 5' };
  const dashboard = open();
  await eventually(() => expect(dashboard.chain.length).toBe(5));
  node.restart();
  node.status = { ...node.status, length: 1, head: 'hash 1' };
  await eventually(() => expect(dashboard.chain.length).toBe(1));
  node.tell('reorg', reorganisation(3, NOON));
  await eventually(() => expect(dashboard.reorg?.new_head.length).toBe(3));
});

it('notices that a node was started again which had nothing to tell', async () => {
  const node = FakeNode.stand();
  const dashboard = open();
  await eventually(() => expect(dashboard.chain.length).toBe(1));
  node.restart();
  await eventually(() => expect(dashboard.returned).toMatchObject({ restarted: true }));
  // And it hears what comes from then on.
  const transaction = { sender: 'alice', recipient: 'bob', amount: 5 };
  node.tell('transaction', { id: 'id', transaction, from: null, at: NOON });
  await eventually(() => expect(dashboard.stories.of('id').map(({ kind }) => kind)).toEqual(['sent']));
});

it('says in the words of the node why it tells nothing, and comes back when it was told to', async () => {
  const node = FakeNode.stand();
  const message = 'too many listen to events already';
  node.refusal = () => refused(503, message, { 'Retry-After': '10' });
  const dashboard = open();
  await until(dashboard, 'away');
  expect(dashboard.connection).toMatchObject({ reason: message });
  await vi.advanceTimersByTimeAsync(9_000);
  expect(node.times('GET /events')).toBe(1);
  node.refusal = undefined;
  await vi.advanceTimersByTimeAsync(1_500);
  expect(dashboard.connection).toEqual({ state: 'live' });
});

it.each([
  ['a proxy answers for it', () => new Response('<h1>Bad Gateway</h1>', { status: 502 })],
  [
    'nothing answers',
    () => {
      throw new TypeError('Failed to fetch');
    },
  ],
])('takes the node for away where %s, and looks for it each second', async (_, answer) => {
  const node = FakeNode.stand();
  node.refusal = answer;
  const dashboard = open();
  await until(dashboard, 'away');
  expect(dashboard.connection).toMatchObject({ reason: undefined });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(node.times('GET /events')).toBeGreaterThan(4);
});
