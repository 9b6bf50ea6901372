/** The tutorial's own five calls, as its readers know them. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHAIN, FORGED_BLOCK, RESOLVED } from '../../src/control/schemas/blocks.js';
import { SENT_TRANSACTION } from '../../src/control/schemas/transactions.js';
import { ask, EASY, expectToMatch, later, post, startNode } from './support.js';

const hasPython = spawnSync('python3', ['--version']).status === 0;

describe('mining', () => {
  it.each(['GET', 'POST'])('by %s answers with the block that was forged', async (method) => {
    const { url, node } = await startNode();
    const { status, json, headers } = await ask(`${url}/mine`, { method });
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(json).toEqual({
      message: 'New Block Forged',
      index: 2,
      transactions: [{ sender: '0', recipient: node.peerId, amount: 1 }],
      proof: 16,
      previous_hash: EASY.genesis.hash,
    });
    expectToMatch(json, FORGED_BLOCK);
    expect(node.status().head.length).toBe(2);
  });

  it('takes a POST with an empty JSON body as well', async () => {
    const { url } = await startNode();
    expect((await post(`${url}/mine`, '{}')).json.index).toBe(2);
    expect((await post(`${url}/mine`, '')).json.index).toBe(3);
  });

  it('gives everyone who asks at once a block of their own', async () => {
    const { url } = await startNode();
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask(`${url}/mine`)));
    expect(answers.map(({ json }) => json.index).sort()).toEqual([2, 3, 4, 5]);
  });
});

describe('sending', () => {
  it('names the block that comes next, and the id', async () => {
    const { url, node } = await startNode();
    const { status, json } = await post(`${url}/transactions/new`, {
      sender: 'alice',
      recipient: 'bob',
      amount: 5,
    });
    expect(status).toBe(201);
    expectToMatch(json, SENT_TRANSACTION);
    expect(json.message).toBe('Transaction will be added to Block 2');
    expect(node.pending().map(({ transaction }) => transaction.id)).toEqual([json.id]);
    const mined = await ask(`${url}/mine`);
    expect(mined.json.transactions[0]).toMatchObject({ sender: 'alice', recipient: 'bob', amount: 5 });
  });

  it('again with the same nonce is one payment, before and after it is mined', async () => {
    const { url, node } = await startNode();
    const body = { sender: 'alice', recipient: 'bob', amount: 5, nonce: 'ab'.repeat(16) };
    const first = await post(`${url}/transactions/new`, body);
    const second = await post(`${url}/transactions/new`, body);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.json).toEqual(first.json);
    expect(node.pending()).toHaveLength(1);
    await ask(`${url}/mine`);
    await ask(`${url}/mine`);
    const third = await post(`${url}/transactions/new`, body);
    expect(third.status).toBe(200);
    expect(third.json).toEqual({ message: 'Transaction is in Block 2 already', id: first.json.id });
    expect(node.pending()).toHaveLength(0);
  });

  it.each([
    ['5', '5'],
    ['5.0', '5.0'],
    ['5.00', '5.0'],
    ['0.00001', '1e-05'],
    ['1e16', '1e+16'],
    ['1e5', '100000.0'],
    ['9007199254740993', '9007199254740993'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
  ])('the amount %s shows it as %s in every answer', async (sent, shown) => {
    const { url } = await startNode();
    const body = `{"sender": "a", "recipient": "b", "amount": ${sent}}`;
    const { status, json } = await post(`${url}/transactions/new`, body);
    expect(status).toBe(201);
    const amount = `"amount": ${shown},`;
    expect((await ask(`${url}/transactions/pending`)).text).toContain(amount);
    expect((await ask(`${url}/transactions/${json.id}`)).text).toContain(amount);
    expect((await ask(`${url}/mine`)).text).toContain(amount);
    expect((await ask(`${url}/chain`)).text).toContain(amount);
    expect((await ask(`${url}/blocks/2`)).text).toContain(amount);
    expect((await ask(`${url}/transactions/${json.id}`)).text).toContain(amount);
    expect((await ask(`${url}/nodes/resolve`)).text).toContain(amount);
  });
});

describe('the chain', () => {
  it('is shown whole, in the text that its hashes are made of', async () => {
    const { url, node } = await startNode();
    for (let i = 0; i < 3; i++) await node.mine();
    const { status, text, json } = await ask(`${url}/chain`);
    expect(status).toBe(200);
    expectToMatch(json, CHAIN);
    expect(json.length).toBe(4);
    expect(json.chain.map(({ index }: { index: number }) => index)).toEqual([1, 2, 3, 4]);
    const blocks = [];
    for await (const block of node.chain()) blocks.push(Buffer.from(block.bytes).toString());
    expect(text).toBe(`{"chain": [${blocks.join(', ')}], "length": 4}`);
  });

  it.each([
    ['from=2', [2, 3, 4]],
    ['limit=2', [1, 2]],
    ['from=2&limit=2', [2, 3]],
    ['from=4&limit=9', [4]],
    ['from=5', []],
    ['from=9007199254740991&limit=9007199254740991', []],
  ])('is shown in pages, as by ?%s, with the length of the whole', async (query, indexes) => {
    const { url, node } = await startNode();
    for (let i = 0; i < 3; i++) await node.mine();
    const { status, json } = await ask(`${url}/chain?${query}`);
    expect(status).toBe(200);
    expect(json.chain.map(({ index }: { index: number }) => index)).toEqual(indexes);
    expect(json.length).toBe(4);
  });

  it.skipIf(!hasPython)('has the same hashes in Python, with nothing but its standard library', async () => {
    const { url, node } = await startNode();
    const amounts = ['5.0', '1e16', '123456789012345678901234567890', '0.1', '0.00001'];
    for (const amount of amounts) {
      await post(
        `${url}/transactions/new`,
        `{"sender": "Zoë 😀", "recipient": "\\u007f", "amount": ${amount}}`,
      );
    }
    for (let i = 0; i < 3; i++) await node.mine();
    const folder = await mkdtemp(join(tmpdir(), 'gossipchain-'));
    later(() => rm(folder, { recursive: true }));
    writeFileSync(join(folder, 'chain.json'), (await ask(`${url}/chain`)).text);
    const script = `
import hashlib, json
chain = json.load(open('chain.json'))['chain']
digest = lambda block: hashlib.sha256(json.dumps(block, sort_keys=True).encode()).hexdigest()
for last, block in zip(chain, chain[1:]):
    assert block['previous_hash'] == digest(last), block['index']
print(len(chain), digest(chain[-1]))`;
    const python = spawnSync('python3', ['-c', script], { cwd: folder, encoding: 'utf8' });
    expect(python.stderr).toBe('');
    expect(python.stdout.trim()).toBe(`4 ${node.status().head.hash}`);
  });
});

describe('resolving', () => {
  it('keeps our chain where nobody has a longer one', async () => {
    const { url } = await startNode();
    await ask(`${url}/mine`);
    const { status, json } = await ask(`${url}/nodes/resolve`);
    expect(status).toBe(200);
    expectToMatch(json, RESOLVED);
    expect(Object.keys(json).sort()).toEqual(['chain', 'message']);
    expect(json.message).toBe('Our chain is authoritative');
    expect(json.chain).toHaveLength(2);
  });

  it('takes the longer chain of a node that was registered, as in the tutorial', async () => {
    const one = await startNode({ node: { manual: true } });
    const other = await startNode({ node: { manual: true } });
    for (let i = 0; i < 2; i++) await ask(`${one.url}/mine`);
    for (let i = 0; i < 3; i++) await ask(`${other.url}/mine`);
    const registered = await post(`${one.url}/nodes/register`, { nodes: [other.url] });
    expect(registered.status, registered.text).toBe(201);
    expect((await ask(`${one.url}/status`)).json.length).toBe(3);
    const { status, json } = await ask(`${one.url}/nodes/resolve`);
    expect(status).toBe(200);
    expectToMatch(json, RESOLVED);
    expect(Object.keys(json).sort()).toEqual(['message', 'new_chain']);
    expect(json.message).toBe('Our chain was replaced');
    expect(json.new_chain).toEqual((await ask(`${other.url}/chain`)).json.chain);
    expect((await ask(`${one.url}/nodes/resolve`)).json.message).toBe('Our chain is authoritative');
  });
});
