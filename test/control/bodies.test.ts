/** Bodies that are not what a call takes: refused with what to do, and without any effect. */
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Node } from '../../src/node/index.js';
import { ask, expectError, JSON_HEADERS, post, startNode } from './support.js';

const NEW = '/transactions/new';
const REGISTER = '/nodes/register';
const payment = (fields: string) => `{"sender": "alice", "recipient": "bob", ${fields}}`;
const NO_LIST = 'Error: Please supply a valid list of nodes';

const REFUSED: [path: string, what: string, body: string, status: number, message: string | RegExp][] = [
  [NEW, 'no body', '', 400, 'Missing values: sender, recipient, amount'],
  [NEW, 'an empty object', '{}', 400, 'Missing values: sender, recipient, amount'],
  [NEW, 'one value missing', '{"sender": "a", "amount": 1}', 400, 'Missing values: recipient'],
  [NEW, 'no amount', '{"sender": "a", "recipient": "b"}', 400, 'Missing values: amount'],
  [NEW, 'broken JSON', '{"sender": "a",', 400, /^not valid JSON at character 16: expected/],
  [NEW, 'half a text', '{"sender": "a', 400, /^not valid JSON at character 14/],
  [NEW, 'two values', '{} {}', 400, /^not valid JSON at character 4/],
  [NEW, 'single quotes', "{'sender': 'a'}", 400, /^not valid JSON at character 2: expected a key in double/],
  [NEW, 'a duplicate key', payment('"amount": 1, "amount": 2'), 400, /"amount" stands twice/],
  [NEW, 'an array', '[]', 400, /must be an object like/],
  [NEW, 'null', 'null', 400, /must be an object like/],
  [NEW, 'a number', '5', 400, /must be an object like/],
  [NEW, 'a text', '"alice"', 400, /must be an object like/],
  [NEW, 'a negative amount', payment('"amount": -5'), 400, /greater than 0, not -5/],
  [NEW, 'an amount of zero', payment('"amount": 0'), 400, /greater than 0, not 0/],
  [NEW, 'an amount of 0.0', payment('"amount": 0.0'), 400, /greater than 0/],
  [NEW, 'an amount of minus zero', payment('"amount": -0.0'), 400, /greater than 0/],
  [NEW, 'NaN', payment('"amount": NaN'), 400, /^not valid JSON at character/],
  [NEW, 'Infinity', payment('"amount": Infinity'), 400, /^not valid JSON at character/],
  [NEW, 'minus Infinity', payment('"amount": -Infinity'), 400, /^not valid JSON at character/],
  [NEW, 'overflow', payment('"amount": 1e999'), 400, /1e999 is too large for a float/],
  [NEW, 'an amount that is text', payment('"amount": "5"'), 400, /amount must be a number.*the text "5"/],
  [NEW, 'an amount of "NaN"', payment('"amount": "NaN"'), 400, /amount must be a number/],
  [NEW, 'an amount of null', payment('"amount": null'), 400, /amount must be a number.*null/],
  [NEW, 'an amount of true', payment('"amount": true'), 400, /amount must be a number/],
  [NEW, 'an amount that is a list', payment('"amount": [5]'), 400, /amount must be a number.*a list/],
  [NEW, 'an amount that is an object', payment('"amount": {}'), 400, /amount must be a number.*an object/],
  [NEW, '300 digits', payment(`"amount": ${'9'.repeat(300)}`), 400, /at most 40 characters/],
  [NEW, 'the sender "0"', '{"sender": "0", "recipient": "b", "amount": 1}', 400, /sender "0"/],
  [NEW, 'an empty sender', '{"sender": "", "recipient": "b", "amount": 1}', 400, /sender must have 1 to 256/],
  [
    NEW,
    'a sender that is a number',
    '{"sender": 1, "recipient": "b", "amount": 1}',
    400,
    /sender must be a string/,
  ],
  [
    NEW,
    'a recipient of 257',
    `{"sender": "a", "recipient": "${'b'.repeat(257)}", "amount": 1}`,
    400,
    /1 to 256/,
  ],
  [NEW, 'an unknown key', payment('"amount": 1, "fee": 2'), 400, /unknown key "fee"/],
  [NEW, '__proto__', payment('"amount": 1, "__proto__": {"nonce": 1}'), 400, /unknown key "__proto__"/],
  [NEW, 'a short nonce', payment('"amount": 1, "nonce": "ab"'), 400, /nonce must be 32/],
  [NEW, 'a nonce of null', payment('"amount": 1, "nonce": null'), 400, /nonce must be 32/],
  [NEW, 'deep nesting', payment(`"amount": ${'['.repeat(5000)}`), 400, /nested deeper than 32/],
  [NEW, '65 KiB', payment(`"amount": ${' '.repeat(65 << 10)}1`), 413, /at most 65536 bytes/],
  [NEW, '10 MB', `"${'x'.repeat(10_000_000)}"`, 413, /at most 65536 bytes/],
  ['/mine', 'keys', '{"count": 2}', 400, 'mining takes no body: send none, or {}'],
  ['/mine', 'a list', '[]', 400, 'mining takes no body: send none, or {}'],
  ['/mine', 'null', 'null', 400, 'mining takes no body: send none, or {}'],
  ['/mine', 'broken JSON', '{', 400, /^not valid JSON at character 2/],
  [REGISTER, 'no body', '', 400, NO_LIST],
  [REGISTER, 'null', 'null', 400, NO_LIST],
  [REGISTER, 'a list at the top', '["127.0.0.1:5001"]', 400, NO_LIST],
  [REGISTER, 'no nodes', '{}', 400, NO_LIST],
  [REGISTER, 'nodes of null', '{"nodes": null}', 400, NO_LIST],
  [REGISTER, 'one text', '{"nodes": "127.0.0.1:5001"}', 400, NO_LIST],
  [REGISTER, 'an empty list', '{"nodes": []}', 400, NO_LIST],
  [REGISTER, 'a number', '{"nodes": [5001]}', 400, new RegExp(`^${NO_LIST}: each is a text`)],
  [REGISTER, 'an empty text', '{"nodes": [""]}', 400, new RegExp(`^${NO_LIST}: `)],
  [REGISTER, 'a bare name', '{"nodes": ["localhost"]}', 400, new RegExp(`^${NO_LIST}: "localhost" is none`)],
  [REGISTER, 'https', '{"nodes": ["https://127.0.0.1:5001"]}', 400, /is not reached by https/],
  [REGISTER, 'a file', '{"nodes": ["file:///etc/passwd"]}', 400, /is not reached by file/],
  [REGISTER, 'credentials', '{"nodes": ["http://me:secret@127.0.0.1:5001"]}', 400, new RegExp(NO_LIST)],
  [REGISTER, 'no multiaddr', '{"nodes": ["/ip4/999.1.1.1/tcp/1"]}', 400, /is not an address of a peer/],
  [REGISTER, 'another key', '{"nodes": ["127.0.0.1:1"], "x": 1}', 400, /unknown key "x"/],
  [
    REGISTER,
    'too many',
    JSON.stringify({ nodes: Array(33).fill('127.0.0.1:1') }),
    400,
    /at most 32 at a time/,
  ],
];

/** All that a call could have changed. */
function stateOf(node: Node): unknown {
  const { head, pending, peers } = node.status();
  return { head, pending, peers };
}

describe('a body that a call does not take', () => {
  it.each(REFUSED)('%s refuses %s', async (path, _what, body, status, message) => {
    const { url, node } = await startNode();
    const before = stateOf(node);
    expectError(await post(`${url}${path}`, body), status, message);
    expect(stateOf(node)).toEqual(before);
  });

  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'sender=a&recipient=b&amount=1'],
    ['plain text', 'text/plain', '{"sender": "a", "recipient": "b", "amount": 1}'],
    ['no type', undefined, '{"sender": "a", "recipient": "b", "amount": 1}'],
    ['a broken type', 'json', '{"sender": "a", "recipient": "b", "amount": 1}'],
  ])('is refused with the right Content-Type when it has %s', async (_what, type, body) => {
    const { url, node } = await startNode();
    const headers: Record<string, string> = type === undefined ? {} : { 'Content-Type': type };
    const answer = await ask(`${url}${NEW}`, { method: 'POST', headers, body });
    expectError(
      answer,
      415,
      'the body must be JSON: send it with the header "Content-Type: application/json"',
    );
    expect(node.pending()).toHaveLength(0);
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'application/json'])(
    'is none where it is empty, whatever its type (%s): mining needs none',
    async (type) => {
      const { url } = await startNode();
      const headers = { 'Content-Type': type, 'Content-Length': '0' };
      expect((await ask(`${url}/mine`, { method: 'POST', headers })).status).toBe(200);
      expectError(await ask(`${url}${NEW}`, { method: 'POST', headers }), 400, /^Missing values/);
      const elsewhere = { ...headers, Origin: 'http://evil.example' };
      expect((await ask(`${url}/mine`, { method: 'POST', headers: elsewhere })).status).toBe(403);
      const form = { ...headers, 'Content-Length': '3' };
      expect((await ask(`${url}/mine`, { method: 'POST', headers: form, body: 'a=b' })).status).toBe(
        type === 'application/json' ? 400 : 415,
      );
    },
  );

  it('is taken with a charset in its Content-Type', async () => {
    const { url } = await startNode();
    const headers = { 'Content-Type': 'application/json; charset=utf-8' };
    const body = '{"sender": "Zoë", "recipient": "b", "amount": 1}';
    expect((await ask(`${url}${NEW}`, { method: 'POST', headers, body })).status).toBe(201);
  });

  it('is refused when it is not UTF-8', async () => {
    const { url } = await startNode();
    const body = Buffer.from('{"sender": "Zo\xeb", "recipient": "b", "amount": 1}', 'latin1');
    const answer = await ask(`${url}${NEW}`, { method: 'POST', headers: JSON_HEADERS, body });
    expectError(answer, 400, 'not valid JSON: the text is not UTF-8');
  });

  it('is refused when it is far too large, even to a client that reads nothing before it has sent all', async () => {
    const { binding } = await startNode();
    const body = Buffer.alloc(10_000_000, 0x20);
    const socket = connect(binding.port, '127.0.0.1');
    const received = await new Promise<string>((resolve, reject) => {
      socket.on('error', reject);
      socket.pause();
      socket.write(
        `POST ${NEW} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
      );
      socket.write(body, () => socket.once('data', (data) => resolve(String(data))).resume());
    });
    socket.destroy();
    expect(received).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('is refused when it goes on and on in chunks, and its sender can read why', async () => {
    const { url, binding } = await startNode();
    const received = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(binding.port, '127.0.0.1', () => {
        socket.write(
          `POST ${NEW} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
        );
        const chunk = `${(16 << 10).toString(16)}\r\n${' '.repeat(16 << 10)}\r\n`;
        for (let i = 0; i < 64; i++) socket.write(chunk);
      });
      socket.on('error', reject);
      socket.on('data', (data) => {
        text += data;
        if (text.includes('\r\n\r\n') && text.endsWith('}')) {
          resolve(text);
          socket.destroy();
        }
      });
    });
    expect(received).toMatch(/^HTTP\/1\.1 413 /);
    expect(received).toMatch(/at most 65536 bytes/);
  });
});
