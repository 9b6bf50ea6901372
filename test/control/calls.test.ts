/** The calls beside the tutorial's five. */
import { describe, expect, it } from 'vitest';
import { FOUND_BLOCK } from '../../src/control/schemas/blocks.js';
import { PEERS } from '../../src/control/schemas/peers.js';
import { HEALTH, STATUS } from '../../src/control/schemas/status.js';
import { FOUND_TRANSACTION, PENDING_TRANSACTIONS } from '../../src/control/schemas/transactions.js';
import { type Logger, SILENT } from '../../src/log.js';
import { MiningError, NodeError } from '../../src/node/index.js';
import { VERSION } from '../../src/version.js';
import { ask, EASY, expectError, expectToMatch, fakeNode, post, serve, startNode } from './support.js';

const ID = 'ab'.repeat(32);

describe('/status', () => {
  it('says how the node is', async () => {
    const { url, node } = await startNode();
    await node.mine();
    await node.send({ sender: 'a', recipient: 'b', amount: 1 });
    const { status, json } = await ask(`${url}/status`);
    expect(status).toBe(200);
    expectToMatch(json, STATUS);
    expect(json).toEqual({
      version: VERSION,
      name: 'test-node',
      network: 'test',
      network_id: node.networkId,
      peer_id: node.peerId,
      addresses: node.addresses(),
      length: 2,
      head: node.status().head.hash,
      difficulty: 1,
      peers: 0,
      pending: 1,
      mining: null,
      tied_heads: [],
    });
  });

  it('says what is being mined', async () => {
    const since = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
    const { url } = await serve(
      fakeNode({
        status: () => ({
          version: '1',
          name: 'n',
          network: EASY,
          networkId: '0'.repeat(16),
          peerId: '1'.repeat(52),
          addresses: [],
          head: { length: 6, hash: ID, proof: 1 },
          peers: 3,
          pending: 4,
          mining: { index: 7, tried: 1000, rate: 12.5, since },
          tiedHeads: [ID],
        }),
      }),
    );
    const { json } = await ask(`${url}/status`);
    expectToMatch(json, STATUS);
    expect(json.mining).toEqual({ index: 7, tried: 1000, rate: 12.5, since: '2026-01-02T03:04:05.678Z' });
    expect(json.tied_heads).toEqual([ID]);
  });
});

describe('/health', () => {
  it('says who the node is and where its peers reach it', async () => {
    const { url, node } = await startNode();
    const { status, json } = await ask(`${url}/health`);
    expect(status).toBe(200);
    expectToMatch(json, HEALTH);
    expect(json).toEqual({
      status: 'ok',
      network_id: node.networkId,
      peer_id: node.peerId,
      addresses: node.addresses(),
    });
  });
});

describe('/blocks', () => {
  it('finds a block by its index and by its hash', async () => {
    const { url, node } = await startNode();
    const block = await node.mine();
    await node.mine();
    for (const name of ['2', block.hash]) {
      const { status, json } = await ask(`${url}/blocks/${name}`);
      expect(status).toBe(200);
      expectToMatch(json, FOUND_BLOCK);
      expect(json.hash).toBe(block.hash);
      expect(json.block.index).toBe(2);
      expect(json.confirmations).toBe(2);
    }
  });

  it.each(['0', '3', '9007199254740991', '9999999999999999', ID])('has no block %s', async (name) => {
    const { url, node } = await startNode();
    await node.mine();
    expectError(
      await ask(`${url}/blocks/${name}`),
      404,
      `our chain has no block ${name}: it has blocks 1 to 2`,
    );
  });

  it.each(['-1', '1.0', '01', '1e3', 'x', ID.toUpperCase(), `${ID}0`, '%20', '1%00'])(
    'says what a block is named by, where it is asked for %s',
    async (name) => {
      const { url } = await startNode();
      const answer = await ask(`${url}/blocks/${name}`);
      expectError(
        answer,
        400,
        /must be a block's index, counted from 1, or its hash, 64 lowercase hex digits/,
      );
    },
  );
});

describe('/transactions', () => {
  it('lists those that wait, first come first, with when and whence they came', async () => {
    const { url, node } = await startNode();
    const before = Date.now();
    const ids = [];
    for (const amount of [3, 1, 2]) {
      ids.push((await node.send({ sender: 'a', recipient: 'b', amount })).transaction.id);
    }
    const { status, json } = await ask(`${url}/transactions/pending`);
    expect(status).toBe(200);
    expectToMatch(json, PENDING_TRANSACTIONS);
    expect(json.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(json[0]).toMatchObject({ transaction: { sender: 'a', recipient: 'b', amount: 3 }, from: null });
    expect(Date.parse(json[0].received_at)).toBeGreaterThanOrEqual(before);
  });

  it('is an empty list where none waits', async () => {
    const { url } = await startNode();
    expect((await ask(`${url}/transactions/pending`)).text).toBe('[]');
  });

  it('finds one while it waits, and in its block', async () => {
    const { url, node } = await startNode();
    const { transaction } = await node.send({ sender: 'a', recipient: 'b', amount: 1 });
    const waiting = (await ask(`${url}/transactions/${transaction.id}`)).json;
    expectToMatch(waiting, FOUND_TRANSACTION);
    expect(waiting).toMatchObject({ id: transaction.id, status: 'pending', block: null, confirmations: 0 });
    await node.mine();
    await node.mine();
    const mined = (await ask(`${url}/transactions/${transaction.id}`)).json;
    expectToMatch(mined, FOUND_TRANSACTION);
    expect(mined).toMatchObject({ id: transaction.id, status: 'in_block', block: 2, confirmations: 2 });
    expect(mined.transaction).toEqual(waiting.transaction);
  });

  it('answers 404 for an id that none has, and 400 for what is no id', async () => {
    const { url } = await startNode();
    expectError(await ask(`${url}/transactions/${ID}`), 404, /^no transaction has the id abab/);
    expectError(await ask(`${url}/transactions/abc`), 400, /id must be a transaction's id, 64 lowercase hex/);
  });
});

describe('/peers', () => {
  it('lists who is connected, and what they say of their chains', async () => {
    const one = await startNode({ node: { name: 'one' } });
    const other = await startNode({ node: { name: 'other' } });
    await other.node.mine();
    await one.node.connect(other.node.addresses()[0] as string);
    await expect.poll(async () => (await ask(`${one.url}/peers`)).json[0]?.length).toBe(2);
    const { json } = await ask(`${one.url}/peers`);
    expectToMatch(json, PEERS);
    expect(json).toHaveLength(1);
    expect(json[0]).toMatchObject({
      peer_id: other.node.peerId,
      name: 'other',
      addresses: other.node.addresses(),
      direction: 'outbound',
      head: other.node.status().head.hash,
    });
    expect((await ask(`${other.url}/peers`)).json[0]).toMatchObject({ name: 'one', direction: 'inbound' });
  });
});

describe('a request for what there is not', () => {
  it('says where the calls are named', async () => {
    const { url } = await startNode();
    expectError(await ask(`${url}/nothing`), 404, 'there is no call "/nothing"; GET / names those there are');
    expectError(await ask(`${url}/mine/`), 404, /there is no call/);
    expectError(await ask(`${url}/chain/1?x=2`), 404, /no call "\/chain\/1"/);
    const { status, json } = await ask(`${url}/`);
    expect(status).toBe(200);
    for (const call of ['GET /mine', 'POST /transactions/new', 'GET /chain', 'POST /nodes/register']) {
      expect(json.calls).toContain(call);
    }
    expect(json.calls).not.toContain('GET /transactions/new');
  });

  it.each([
    ['GET', '/transactions/new', 'POST'],
    ['GET', '/nodes/register', 'POST'],
    ['PUT', '/transactions/new', 'POST'],
    ['DELETE', '/chain', 'GET'],
    ['POST', '/chain', 'GET'],
    ['POST', '/nodes/resolve', 'GET'],
    ['OPTIONS', '/mine', 'GET, POST'],
    ['HEAD', '/mine', 'GET, POST'],
    ['HEAD', '/nodes/resolve', 'GET'],
    ['POST', '/blocks/1', 'GET'],
  ])('names the method that %s %s should have had', async (method, path, allowed) => {
    const { url, node } = await startNode();
    const { status, headers } = await ask(`${url}${path}`, { method });
    expect(status).toBe(405);
    expect(headers.allow).toBe(allowed);
    expect(node.status().head.length).toBe(1);
  });

  it.each([
    ['/chain?x=1', /unknown key "x" in the query: this call takes from and limit only/],
    ['/status?verbose', /unknown key "verbose" in the query: this call takes no query/],
    ['/mine?count=2', /unknown key "count"/],
    ['/chain?from=0', /from must be .* from 1 on, not "0"/],
    ['/chain?from=-1', /from must be/],
    ['/chain?from=1.0', /from must be/],
    ['/chain?from=1e3', /from must be/],
    ['/chain?from=', /from must be .* not ""/],
    ['/chain?from=%201', /from must be/],
    ['/chain?from=9007199254740992', /from must be/],
    ['/chain?limit=0', /limit must be/],
    ['/chain?limit=ten', /limit must be .* not "ten"/],
    ['/chain?from=1&from=2', /from is given more than once/],
    ['/chain?__proto__=1', /unknown key "__proto__"/],
  ])('refuses the query of %s', async (path, message) => {
    const { url, node } = await startNode();
    expectError(await ask(`${url}${path}`), 400, message);
    expect(node.status().head.length).toBe(1);
  });

  it('refuses a path that is no URL, or too long', async () => {
    const { url } = await startNode();
    expectError(await ask(`${url}/blocks/%zz`), 400, /not a valid URL/);
    expectError(await ask(`${url}/blocks/${'1'.repeat(300)}`), 414, /longer than 128 characters/);
  });
});

describe('when the node cannot', () => {
  it.each([
    ['mining-busy', 429, '5'],
    ['mempool-full', 503, '10'],
    ['not-running', 503, '5'],
    ['other-network', 409, undefined],
  ] as const)('a refusal of %s is answered with %i, and when to try again', async (code, status, retry) => {
    const refuse = async () => {
      throw new NodeError(code, 'not now');
    };
    const { url } = await serve(fakeNode({ mine: refuse, send: refuse, snapshot: refuse }));
    for (const answer of [
      await ask(`${url}/mine`),
      await post(`${url}/transactions/new`, {}),
      await ask(`${url}/chain`),
    ]) {
      expectError(answer, status, 'not now');
      expect(answer.headers['retry-after']).toBe(retry);
    }
  });

  it.each([
    ['worker-failed', '5'],
    ['no-proof', '5'],
    ['stopped', '5'],
  ] as const)(
    'mining that failed with %s is answered in its own words, and with when to try again',
    async (code, retry) => {
      const mine = async () => {
        throw new MiningError(code, 'cannot start a mining thread: try fewer threads');
      };
      const { url } = await serve(fakeNode({ mine }));
      for (const answer of [await ask(`${url}/mine`), await post(`${url}/mine`, {})]) {
        expectError(answer, 503, 'cannot start a mining thread: try fewer threads');
        expect(answer.headers['retry-after']).toBe(retry);
      }
    },
  );

  it('a mistake of ours is logged with its details, which nobody is told', async () => {
    const logged: object[] = [];
    const log: Logger = { ...SILENT, error: (fields, action) => logged.push({ action, ...fields }) };
    const fail = () => {
      throw new TypeError('the secret is 42');
    };
    const { url } = await serve(fakeNode({ mine: fail, snapshot: fail, status: fail }), { log });
    for (const path of ['/mine', '/chain', '/status']) {
      const answer = await ask(`${url}${path}`);
      expectError(answer, 500, 'the node could not do this; its log says why');
      expect(answer.text).not.toContain('42');
    }
    expect(logged).toHaveLength(3);
    expect(logged[0]).toMatchObject({
      action: 'call-failed',
      method: 'GET',
      call: '/mine',
      error: expect.stringContaining('the secret is 42'),
    });
  });
});
