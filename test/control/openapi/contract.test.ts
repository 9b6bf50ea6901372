/** Every answer of every call is as the OpenAPI document says. */
import { createParser } from 'eventsource-parser';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { NodeError } from '../../../src/node/index.js';
import { type Answer, ask, fakeNode, JSON_HEADERS, post, serve, startNode } from '../support.js';
import { Contract } from './support.js';

/** Which statuses of which calls a test has seen. */
const seen = new Map<string, Set<number>>();
let contract: Contract;

beforeAll(async () => {
  contract = await Contract.of((await startNode()).url);
});

function expectAsSaid(call: string, answer: Answer, status: number): void {
  expect(answer.status, `${call}: ${answer.text}`).toBe(status);
  expect(contract.wrongWith(call, answer)).toEqual([]);
  seen.set(call, (seen.get(call) ?? new Set()).add(status));
}

const PAYMENT = { sender: 'alice', recipient: 'bob', amount: 5, nonce: 'ab'.repeat(16) };
const NO_HASH = '0'.repeat(64);

describe('the answers of a node', () => {
  it('are as the document says, when all is well', async () => {
    const there = await startNode();
    const { url, node } = await startNode();
    const get = async (call: string, path = call, status = 200) =>
      expectAsSaid(`GET ${call}`, await ask(`${url}${path}`), status);

    await get('/');
    await get('/health');
    await get('/status');
    await get('/invitation');
    await get('/diagnosis');
    await get('/mining');
    expectAsSaid('POST /mining', await post(`${url}/mining`, { every_seconds: null }), 200);
    expectAsSaid('POST /session', await post(`${url}/session`, { token: 'any' }), 204);
    expectAsSaid('POST /nodes/register', await post(`${url}/nodes/register`, { nodes: [there.url] }), 201);
    await vi.waitFor(() => expect(node.peers()).toHaveLength(1));
    await get('/peers');
    await get('/room');
    const sent = await post(`${url}/transactions/new`, PAYMENT);
    expectAsSaid('POST /transactions/new', sent, 201);
    await get('/transactions/pending');
    await get('/transactions/{id}', `/transactions/${sent.json.id}`);
    expectAsSaid('POST /mine', await post(`${url}/mine`, {}), 200);
    await get('/mine');
    expectAsSaid('POST /transactions/new', await post(`${url}/transactions/new`, PAYMENT), 200);
    await get('/transactions/{id}', `/transactions/${sent.json.id}`);
    await get('/blocks/{index_or_hash}', '/blocks/2');
    await get('/chain');
    await get('/chain', '/chain?from=2&limit=1');
    await get('/nodes/resolve');
    await get('/branches');
    await get('/metrics');
    await get('/openapi.json');
    await get('/docs');
  });

  it('are as the document says, when a longer chain replaces ours', async () => {
    const [there, here] = [
      await startNode({ node: { manual: true } }),
      await startNode({ node: { manual: true } }),
    ];
    await here.node.mine();
    await there.node.mine();
    await there.node.mine();
    await here.node.connect(there.node.addresses()[0] as string);
    const answer = await ask(`${here.url}/nodes/resolve`);
    expect(answer.json.message).toBe('Our chain was replaced');
    expectAsSaid('GET /nodes/resolve', answer, 200);
    const branches = await ask(`${here.url}/branches`);
    expect(branches.json).toHaveLength(1);
    expectAsSaid('GET /branches', branches, 200);
  });

  it('are as the document says, when something is wrong with what is asked', async () => {
    const { url } = await startNode();
    expectAsSaid('GET /blocks/{index_or_hash}', await ask(`${url}/blocks/9`), 404);
    expectAsSaid('GET /blocks/{index_or_hash}', await ask(`${url}/blocks/x`), 400);
    expectAsSaid('GET /transactions/{id}', await ask(`${url}/transactions/${NO_HASH}`), 404);
    expectAsSaid('GET /transactions/{id}', await ask(`${url}/transactions/x`), 400);
    expectAsSaid('GET /chain', await ask(`${url}/chain?from=0`), 400);
    expectAsSaid('POST /session', await post(`${url}/session`, {}), 400);
    const secret = await startNode({ token: 'secret' });
    expectAsSaid('POST /session', await post(`${secret.url}/session`, { token: 'other' }), 401);
    expectAsSaid('POST /mining', await post(`${url}/mining`, { every_seconds: 0 }), 400);
    expectAsSaid('POST /nodes/register', await post(`${url}/nodes/register`, {}), 400);
    expectAsSaid(
      'POST /nodes/register',
      await post(`${url}/nodes/register`, { nodes: ['127.0.0.1:1'] }),
      502,
    );
    for (const [call, status] of [
      ['POST /transactions/new', 400],
      ['POST /mining', 400],
    ] as const)
      expectAsSaid(call, await post(`${url}${call.slice(5)}`, { unknown: 1 }), status);
    for (const path of ['/transactions/new', '/nodes/register', '/mining']) {
      const untyped = await ask(`${url}${path}`, { method: 'POST', body: 'x' });
      expectAsSaid(`POST ${path}`, untyped, 415);
    }
    const large = { method: 'POST', headers: JSON_HEADERS, body: `"${'x'.repeat(1 << 17)}"` };
    for (const path of ['/transactions/new', '/nodes/register'])
      expectAsSaid(`POST ${path}`, await ask(`${url}${path}`, large), 413);
  });

  it('are as the document says, when the node cannot do it', async () => {
    const busy = () => Promise.reject(new NodeError('mining-busy', 'four are waiting'));
    const full = () => Promise.reject(new NodeError('mempool-full', 'too many are waiting'));
    const { url } = await serve(fakeNode({ mine: busy, send: full }));
    expectAsSaid('GET /mine', await ask(`${url}/mine`), 429);
    expectAsSaid('POST /mine', await post(`${url}/mine`, {}), 429);
    expectAsSaid('POST /transactions/new', await post(`${url}/transactions/new`, PAYMENT), 503);

    const stopped = await startNode();
    await stopped.node.stop();
    for (const [call, operation] of contract.operations) {
      if (!('503' in operation.responses) || call.startsWith('POST') || call === 'GET /events') continue;
      const path = call.slice(4).replace('{index_or_hash}', '1').replace('{id}', NO_HASH);
      const answer = await ask(`${stopped.url}${path}`);
      // Health and streams: one asks little, the others begin before they know.
      if (answer.status !== 200) expectAsSaid(call, answer, 503);
    }
  });

  it('are as the document says for every call, where the token is missing, the page or the host is not ours', async () => {
    const { url } = await startNode({ token: 'secret' });
    for (const [call, { security }] of contract.operations) {
      const [method, template] = call.split(' ') as [string, string];
      const path = template.replace('{index_or_hash}', '1').replace('{id}', NO_HASH);
      const asked = (headers: Record<string, string>) =>
        ask(`${url}${path}`, {
          method,
          headers: { ...(method === 'POST' ? JSON_HEADERS : {}), ...headers },
          body: method === 'POST' ? '{}' : undefined,
        });
      expectAsSaid(call, await asked({ Origin: 'http://evil.example' }), 403);
      expectAsSaid(call, await asked({ Host: 'evil.example' }), 403);
      const without = await asked({});
      if (security === undefined) expectAsSaid(call, without, 401);
      else expect(without.status, `${call} needs no token, the document says`).not.toBe(401);
    }
  });

  it('are as the document says for every event', async () => {
    const { url, node } = await startNode();
    const names = new Map<string, string[]>();
    const leave = new AbortController();
    onTestFinished(() => leave.abort());
    const answer = await fetch(`${url}/events`, {
      signal: leave.signal,
      headers: { 'last-event-id': 'nonsense' },
    });
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    seen.set('GET /events', new Set([200]));
    const parser = createParser({
      onEvent: ({ event = '', data }) => {
        const schema = { $ref: `#/components/schemas/${event[0]?.toUpperCase()}${event.slice(1)}Event` };
        names.set(event, contract.wrongWithValue(schema, JSON.parse(data)));
      },
    });
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    const other = await startNode();
    await node.connect(other.node.addresses()[0] as string);
    await node.send(PAYMENT);
    const block = await node.mine();
    const { head } = node.status();
    const at = Date.now();
    node.emit('fork', { block, fork: 1, head, from: null, at });
    node.emit('reorg', {
      fork: 1,
      removed: 1,
      added: 2,
      oldHead: head,
      newHead: head,
      returned: [NO_HASH],
      from: other.node.peerId,
      at,
    });
    const decoder = new TextDecoder();
    while (names.size < 7) {
      const { value, done } = await reader.read();
      if (done) break;
      parser.feed(decoder.decode(value, { stream: true }));
    }
    expect(Object.fromEntries(names)).toEqual({
      ...{ reset: [], peer: [], transaction: [], mining: [], block: [], fork: [], reorg: [] },
    });
  });

  /** What takes more than one process, or a wait, to see. */
  const ELSEWHERE = new Map([
    ['GET /invitation', [409]],
    ['POST /nodes/register', [409]],
    ['GET /events', [503]],
  ]);

  it('were seen: each call, and each status that it is said to have', () => {
    const missed = [...contract.operations].flatMap(([call, { responses }]) =>
      Object.keys(responses)
        .filter((status) => status !== 'default' && !(status === '503' && call.startsWith('POST')))
        .map(Number)
        .filter((status) => !seen.get(call)?.has(status) && !ELSEWHERE.get(call)?.includes(status))
        .map((status) => `${call} ${status}`),
    );
    expect(missed).toEqual([]);
  });
});
