/** Server-sent events, as a client reads them. */
import { EventEmitter, once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { describe, expect, it } from 'vitest';
import { EVENT_LIMITS, EventStream } from '../../../src/control/events/event-stream.js';
import type { EventFeed } from '../../../src/control/events/feed.js';
import { EVENTS } from '../../../src/control/schemas/events.js';
import type { NodeEvents } from '../../../src/node/index.js';
import { nextBlock, payment, payments, testNetwork } from '../../helpers/chains.js';
import { ask, expectError, expectToMatch, fakeNode, later, serve, startNode } from '../support.js';

type Name = keyof typeof EVENTS;

interface Listening {
  readonly response: IncomingMessage;
  /** All so far; `data` is still text. */
  readonly events: EventSourceMessage[];
  readonly comments: string[];
  /** The id a browser would come back with. */
  lastId: string;
  closed: boolean;
  close(): void;
}

/** Listens as a browser does. */
async function listen(url: string, lastEventId?: string): Promise<Listening> {
  const headers = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${url}/events`, { headers, agent: false }, resolve).on('error', reject);
  });
  const listening: Listening = {
    response,
    events: [],
    comments: [],
    lastId: '',
    closed: false,
    close: () => response.destroy(),
  };
  const parser = createParser({
    onEvent: (event) => listening.events.push(event),
    onComment: (comment) => listening.comments.push(comment),
  });
  response.setEncoding('utf8');
  response.on('data', (text: string) => {
    for (const [, id] of text.matchAll(/^id: (.*)$/gm)) listening.lastId = id as string;
    parser.feed(text);
  });
  response.on('error', () => {});
  response.on('close', () => {
    listening.closed = true;
  });
  later(async () => response.destroy());
  return listening;
}

/** A node that only tells. */
class Teller extends EventEmitter<NodeEvents> {
  tell(state: 'started' | 'found' = 'started', index = 2): void {
    this.emit('mining', { state, index, at: 0 });
  }
}

/** What a feed has written until now, as its client reads it without pause. */
function collect(feed: EventFeed): { text: string } {
  const collected = { text: '' };
  feed.setEncoding('utf8');
  feed.on('data', (text) => {
    collected.text += text;
  });
  feed.on('error', () => {});
  return collected;
}

const names = ({ events }: Listening) => events.map(({ event }) => event);
const dataOf = (listening: Listening, name: Name) =>
  listening.events.filter(({ event }) => event === name).map(({ data }) => JSON.parse(data));

describe('/events', () => {
  it('is a stream of server-sent events, guarded like any other answer', async () => {
    const { url } = await startNode();
    const { response } = await listen(url);
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
  });

  it('tells of what happens on a node, and where it came from', async () => {
    const one = await startNode();
    const other = await startNode();
    const listening = await listen(one.url);
    await one.node.connect(other.node.addresses()[0] as string);
    await expect.poll(() => dataOf(listening, 'peer')).toHaveLength(1);
    const { transaction } = await one.node.send({ sender: 'a', recipient: 'b', amount: 5 });
    const block = await one.node.mine();
    await expect.poll(() => dataOf(listening, 'block')).toHaveLength(1);
    await expect.poll(() => other.node.status().head.length).toBe(2);
    const theirs = await other.node.mine();
    await expect.poll(() => dataOf(listening, 'block')).toHaveLength(2);

    for (const name of ['peer', 'transaction', 'mining', 'block'] as const) {
      for (const data of dataOf(listening, name)) expectToMatch(data, EVENTS[name]);
    }
    expect(dataOf(listening, 'peer')[0]).toMatchObject({ peer_id: other.node.peerId, change: 'connected' });
    expect(dataOf(listening, 'transaction')[0]).toMatchObject({ id: transaction.id, from: null });
    expect(dataOf(listening, 'mining').map(({ state }) => state)).toEqual(['started', 'found']);
    expect(dataOf(listening, 'block')[0]).toMatchObject({
      index: 2,
      hash: block.hash,
      source: 'own',
      from: null,
      block: { index: 2, proof: block.proof, previous_hash: block.previous_hash },
    });
    expect(dataOf(listening, 'block')[1]).toMatchObject({ hash: theirs.hash, from: other.node.peerId });
  });

  it('shows a block as it is hashed, numbers and all', async () => {
    const teller = new Teller();
    const { url } = await serve(
      fakeNode({ on: teller.on.bind(teller), off: teller.off.bind(teller) } as never),
    );
    const listening = await listen(url);
    const network = testNetwork();
    const block = nextBlock(network.genesis, { transactions: [payment('Zoë', 'b', 10n ** 30n)] });
    teller.emit('block', { block, source: 'gossip', from: 'peer', at: Date.UTC(2026, 0, 1) });
    await expect.poll(() => listening.events).toHaveLength(1);
    expect(listening.events[0]?.data).toBe(
      `{"block": ${Buffer.from(block.bytes)}, "at": "2026-01-01T00:00:00.000Z", "from": "peer", "hash": "${block.hash}", "index": 2, "source": "gossip"}`,
    );
    expectToMatch(dataOf(listening, 'block')[0], EVENTS.block);
  });

  it('tells of a fork', async () => {
    const teller = new Teller();
    const { url } = await serve(
      fakeNode({ on: teller.on.bind(teller), off: teller.off.bind(teller) } as never),
    );
    const listening = await listen(url);
    const block = nextBlock(testNetwork().genesis, { miner: 'they', timestamp: 12.5 });
    const head = { length: 2, hash: 'ab'.repeat(32), proof: 1 };
    teller.emit('fork', { block, fork: 1, head, from: 'peer', at: 0 });
    await expect.poll(() => names(listening)).toEqual(['fork']);
    const [data] = dataOf(listening, 'fork');
    expectToMatch(data, EVENTS.fork);
    expect(data).toEqual({
      index: 2,
      hash: block.hash,
      timestamp: 12.5,
      miner: 'they',
      fork: 1,
      head: { length: 2, hash: 'ab'.repeat(32) },
      from: 'peer',
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  it('tells of a reorganisation', async () => {
    const teller = new Teller();
    const { url } = await serve(
      fakeNode({ on: teller.on.bind(teller), off: teller.off.bind(teller) } as never),
    );
    const listening = await listen(url);
    const head = (length: number) => ({ length, hash: 'ab'.repeat(32), proof: 1 });
    const returned = payments(2).map(({ id }) => id);
    teller.emit('reorg', {
      fork: 3,
      removed: 1,
      added: 2,
      oldHead: head(4),
      newHead: head(5),
      returned,
      from: null,
      at: 0,
    });
    await expect.poll(() => names(listening)).toEqual(['reorg']);
    const [data] = dataOf(listening, 'reorg');
    expectToMatch(data, EVENTS.reorg);
    expect(data).toEqual({
      fork: 3,
      removed: 1,
      added: 2,
      old_head: { length: 4, hash: 'ab'.repeat(32) },
      new_head: { length: 5, hash: 'ab'.repeat(32) },
      returned,
      from: null,
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  it('ends where the node has opened its chain anew, and tells who comes back that not all was told', async () => {
    const teller = new Teller();
    const { url } = await serve(
      fakeNode({ on: teller.on.bind(teller), off: teller.off.bind(teller), peers: () => [] } as never),
    );
    const before = await listen(url);
    teller.tell();
    await expect.poll(() => names(before)).toEqual(['mining']);
    teller.emit('restart', { at: Date.now() + 1 });
    await expect.poll(() => before.closed).toBe(true);
    const after = await listen(url, before.lastId);
    teller.tell();
    await expect.poll(() => names(after)).toEqual(['reset', 'mining']);
    expect(dataOf(after, 'reset')[0]).toMatchObject({ reason: 'restarted' });
  });

  it('goes on where a client was, each event once', async () => {
    const { url, node } = await startNode();
    const before = await listen(url);
    await node.mine();
    await expect.poll(() => dataOf(before, 'block')).toHaveLength(1);
    before.close();
    await node.mine();
    await node.mine();
    const after = await listen(url, before.lastId);
    await node.mine();
    await expect.poll(() => dataOf(after, 'block').map(({ index }) => index)).toEqual([3, 4, 5]);
    const ids = [...before.events, ...after.events].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('goes on for a client that left before anything happened', async () => {
    const { url, node } = await startNode();
    const before = await listen(url);
    await expect.poll(() => before.lastId).toMatch(/^\d+-0$/);
    before.close();
    await node.mine();
    const after = await listen(url, before.lastId);
    await expect.poll(() => dataOf(after, 'block').map(({ index }) => index)).toEqual([2]);
  });

  it('begins with what is new for a new client', async () => {
    const { url, node } = await startNode();
    await node.mine();
    const listening = await listen(url);
    await node.mine();
    await expect.poll(() => dataOf(listening, 'block').map(({ index }) => index)).toEqual([3]);
    expect(names(listening)).not.toContain('reset');
  });

  it.each([
    ['of the node before its restart', '1600000000000-3', 'restarted'],
    ['that is none', 'what is this', 'unknown-id'],
  ])('tells a client with an id %s to fetch all again, once', async (_what, id, reason) => {
    const { url, node } = await startNode();
    await node.mine();
    const first = await listen(url, id);
    await expect.poll(() => names(first)).toEqual(['reset']);
    expectToMatch(dataOf(first, 'reset')[0], EVENTS.reset);
    expect(dataOf(first, 'reset')[0].reason).toBe(reason);
    await node.mine();
    await expect.poll(() => dataOf(first, 'block').map(({ index }) => index)).toEqual([3]);
    first.close();
    const second = await listen(url, first.lastId);
    await node.mine();
    await expect.poll(() => dataOf(second, 'block').map(({ index }) => index)).toEqual([4]);
    expect(names(second)).not.toContain('reset');
  });

  it('ends for everyone when the node stops', async () => {
    const { url, control } = await startNode();
    const listening = await listen(url);
    await control.stop();
    await expect.poll(() => listening.closed).toBe(true);
  });

  it('leaves no connection behind over which a client would come back to a node that stops', async () => {
    const { url, control } = await startNode();
    const agent = new Agent({ keepAlive: true });
    later(async () => agent.destroy());
    const events = () =>
      new Promise<IncomingMessage>((resolve, reject) => {
        get(`${url}/events`, { agent }, resolve).on('error', reject);
      });
    const response = await events();
    expect(response.headers.connection).toBe('close');
    const stopped = control.stop();
    await once(response.resume(), 'end');
    await expect(events()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await stopped;
  });

  it('is refused to one client too many, and open again when one leaves', async () => {
    const { url } = await startNode();
    const clients = await Promise.all(Array.from({ length: EVENT_LIMITS.clients }, () => listen(url)));
    const answer = await ask(`${url}/events`);
    expectError(answer, 503, /too many listen/);
    expect(answer.headers['retry-after']).toBe('10');
    clients[0]?.close();
    await expect
      .poll(async () => {
        const response = await fetch(`${url}/events`, { signal: AbortSignal.timeout(5_000) });
        await response.body?.cancel();
        return response.status;
      })
      .toBe(200);
  });
});

describe('a stream of events', () => {
  const LIMITS = { kept: { events: 100, bytes: 1 << 20 }, clients: 4, heartbeatMs: 20, slowMs: 50 };

  function open(limits = LIMITS) {
    const teller = new Teller();
    const stream = new EventStream(teller as never, limits);
    later(async () => stream.stop());
    return { teller, stream };
  }

  it('says that it is alive when nothing happens', async () => {
    const { stream } = open();
    const feed = stream.open(undefined) as EventFeed;
    const collected = collect(feed);
    await expect.poll(() => collected.text.split(': still here\n\n').length).toBeGreaterThan(2);
    feed.destroy();
  });

  it('listens to the node no longer when it is stopped', () => {
    const { teller, stream } = open();
    expect(teller.eventNames()).toHaveLength(7);
    stream.stop();
    expect(teller.eventNames()).toHaveLength(0);
  });

  it('forgets a client that is gone', async () => {
    const { stream } = open();
    const feed = stream.open(undefined);
    expect(stream.clients).toBe(1);
    feed?.destroy();
    await expect.poll(() => stream.clients).toBe(0);
  });

  it('holds no more for a slow client than a buffer, and drops it in the end', async () => {
    const { teller, stream } = open({ ...LIMITS, kept: { events: 100_000, bytes: 1 << 30 } });
    const feed = stream.open(undefined) as EventFeed;
    const errors: Error[] = [];
    feed.on('error', (error) => errors.push(error));
    for (let i = 0; i < 10_000; i++) teller.tell();
    feed.once('readable', () => {}); // reads ahead, and no more
    await expect.poll(() => feed.readableLength).toBeGreaterThan(1 << 10);
    for (let i = 0; i < 10_000; i++) teller.tell();
    expect(feed.readableLength).toBeLessThan(3 << 16);
    await expect
      .poll(() => errors.map(({ message }) => message))
      .toEqual(['the client took no events for 0.05 s']);
    expect(stream.clients).toBe(0);
  });

  it('keeps a client that only pauses, and tells it what it has missed for good', async () => {
    const { teller, stream } = open({ ...LIMITS, slowMs: 60_000 });
    const feed = stream.open(undefined) as EventFeed;
    feed.once('readable', () => {});
    await new Promise(setImmediate);
    for (let i = 0; i < 5_000; i++) teller.tell('started', i + 1);
    const collected = collect(feed);
    await expect.poll(() => collected.text).toContain('"too-slow"');
    teller.tell('found', 6_000);
    await expect.poll(() => collected.text).toContain('"index": 6000');
    const indexes = [...collected.text.matchAll(/"index": (\d+)/g)].map(([, index]) => Number(index));
    expect(indexes).toEqual([...indexes].sort((a, b) => a - b));
    expect(collected.text.match(/event: reset/g)).toHaveLength(1);
    feed.destroy();
  });

  it('gives a client that reads on all of a burst', async () => {
    const { teller, stream } = open({ ...LIMITS, kept: EVENT_LIMITS.kept });
    const collected = collect(stream.open(undefined) as EventFeed);
    await new Promise(setImmediate);
    for (let i = 0; i < 1_000; i++) teller.tell('started', i + 1);
    await expect.poll(() => collected.text.match(/^event: /gm)?.length).toBe(1_000);
    expect(collected.text).not.toContain('reset');
  });
});
