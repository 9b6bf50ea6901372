/** Work that is under way when its client goes away, does not read on, or the node stops. */
import { subscribe } from 'node:diagnostics_channel';
import { get, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/chain/index.js';
import { createNetwork } from '../../src/chain/index.js';
import { jsonList } from '../../src/control/json-stream.js';
import type { Node } from '../../src/node/index.js';
import { ask, expectError, fakeNode, HARD, serve, startNode } from './support.js';

const NEVER = new Promise<Block>(() => {});

describe('mining', () => {
  it.each(['GET', 'POST'])('by %s ends when the client goes away', async (method) => {
    const { url, node } = await startNode({ node: { network: HARD } });
    const client = request(`${url}/mine`, { method });
    client.on('error', () => {});
    client.end();
    await expect.poll(() => node.status().mining?.index).toBe(2);
    client.destroy();
    await expect.poll(() => node.status().mining).toBeNull();
    expect(node.status().head.length).toBe(1);
  });

  it('answers 429 to one more than may wait, and to nobody else', async () => {
    const { url, node } = await startNode({ node: { network: HARD } });
    const leaving = new AbortController();
    const answers = Array.from({ length: 6 }, () => fetch(`${url}/mine`, { signal: leaving.signal }));
    const refused = await Promise.race(answers);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await refused.json()).toMatchObject({
      statusCode: 429,
      message: expect.stringMatching(/waiting for the miner/),
    });
    expect(node.status().mining?.index).toBe(2);
    leaving.abort();
    const others = (await Promise.allSettled(answers)).filter(({ status }) => status === 'rejected');
    expect(others).toHaveLength(5);
    await expect.poll(() => node.status().mining).toBeNull();
  });

  it('does not begin for a client that left before the node was ready', async () => {
    const { bindControl, serveControl } = await import('../../src/control/index.js');
    const { SILENT } = await import('../../src/log.js');
    const binding = await bindControl({ port: 0, exact: true });
    const signals: AbortSignal[] = [];
    const node = fakeNode({
      mine: (signal) => {
        if (signal) signals.push(signal);
        return NEVER;
      },
    });
    const received = new Promise<IncomingMessage>((resolve) =>
      subscribe('http.server.request.start', (message) => {
        resolve((message as { request: IncomingMessage }).request);
      }),
    );
    const socket = connect(binding.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write('GET /mine HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const early = await received;
    socket.resetAndDestroy();
    await new Promise((resolve) => early.socket.once('close', resolve));
    const control = await serveControl(node, binding, { allowHosts: [], token: undefined, log: SILENT });
    // When this is answered, what came before it has been looked at.
    expect((await ask(`http://127.0.0.1:${binding.port}/nothing`)).status).toBe(404);
    expect(signals.filter((signal) => !signal.aborted)).toEqual([]);
    await control.stop();
  });

  it('is answered with 503 when the node stops', async () => {
    const { url, node, control } = await startNode({ node: { network: HARD } });
    const answer = ask(`${url}/mine`);
    await expect.poll(() => node.status().mining).not.toBeNull();
    const stopped = control.stop();
    expectError(await answer, 503, 'the node is stopping: try again when it is back');
    await stopped;
    expect(node.status().mining).toBeNull();
    await expect(ask(`${url}/status`)).rejects.toThrow(/ECONNREFUSED/);
  });
});

/** A node whose chain is as long as one reads, and that counts who holds a view of it. */
function longChain(blockBytes: number, blocks: number) {
  const counts = { open: 0, read: 0 };
  const block = Buffer.alloc(blockBytes, 0x20);
  block.write('{}');
  const node = fakeNode({
    snapshot: async () => {
      counts.open++;
      return {
        head: { length: blocks, hash: '', proof: 1 },
        async *pieces(from: number, to: number) {
          for (let index = from; index <= to; index++) {
            counts.read++;
            yield [block];
          }
        },
        async *bytes() {},
        close: async () => {
          counts.open--;
        },
      } satisfies Awaited<ReturnType<Node['snapshot']>>;
    },
    resolve: async () => false,
  });
  return { counts, node };
}

describe('a chain that is streamed', () => {
  it.each(['/chain', '/nodes/resolve'])('by %s is read no faster than its client takes it', async (path) => {
    const { counts, node } = longChain(1 << 16, 100_000);
    const { url } = await serve(node);
    const client = get(`${url}${path}`, (response) => response.pause());
    client.on('error', () => {});
    await expect.poll(() => counts.read).toBeGreaterThan(1);
    // What the sockets hold of it, and no more: when it no longer grows, that was all.
    let before = -1;
    await expect
      .poll(
        () => {
          const still = counts.read === before;
          before = counts.read;
          return still;
        },
        { interval: 200 },
      )
      .toBe(true);
    expect(counts.read).toBeLessThan(1_000);
    expect(counts.open).toBe(1);
    client.destroy();
    await expect.poll(() => counts.open).toBe(0);
  });

  it('closes its view of the chain when it is read to the end', async () => {
    const { counts, node } = longChain(2, 5);
    const { url } = await serve(node);
    expect((await ask(`${url}/chain`)).text).toBe('{"chain": [{}, {}, {}, {}, {}], "length": 5}');
    expect((await ask(`${url}/chain?from=6`)).text).toBe('{"chain": [], "length": 5}');
    expect(counts).toEqual({ open: 0, read: 5 });
  });

  it('is cut off, and never ends well, when it cannot be read on', async () => {
    const { node } = longChain(1 << 16, 100);
    const { url } = await serve({
      ...node,
      snapshot: async () => ({
        ...(await node.snapshot()),
        async *pieces() {
          for (let i = 0; i < 10; i++) yield [Buffer.alloc(1 << 16)];
          throw new Error('the disk is gone');
        },
      }),
    });
    await expect(ask(`${url}/chain`)).rejects.toThrow();
  });

  it('is shown as a list like any other when it has no items', async () => {
    const pieces = [];
    for await (const piece of jsonList([])) pieces.push(piece);
    expect(pieces.join('')).toBe('[]');
  });
});

describe('stopping', () => {
  it('ends within a second, whatever is under way', async () => {
    const network = createNetwork({ difficulty: 14, name: 'test' });
    const { url, binding, control } = await startNode({ node: { network } });
    const mining = ask(`${url}/mine`);
    const events = fetch(`${url}/events`);
    const idle = connect(binding.port, '127.0.0.1');
    idle.on('error', () => {});
    const half = connect(binding.port, '127.0.0.1', () => half.write('GET /status HTTP/1.1\r\n'));
    half.on('error', () => {});
    await expect.poll(async () => (await ask(`${url}/status`)).json.mining).not.toBeNull();
    const open = await events;
    const before = performance.now();
    await control.stop();
    expect(performance.now() - before).toBeLessThan(1_500);
    expect((await mining).status).toBe(503);
    expect(await open.text()).toMatch(/^retry: /);
  });
});
