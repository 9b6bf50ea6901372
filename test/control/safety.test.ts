/** Who is served: those who mean this node, and pages of its own. */
import { describe, expect, it } from 'vitest';
import { type Logger, SILENT } from '../../src/log.js';
import { ask, expectError, post, type RequestInit, startNode } from './support.js';

/** `PORT` stands for the node's own. */
type Case = [what: string, headers: Record<string, string>];

function fill(headers: Record<string, string>, port: number): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([key, value]) => [key, value.replace('PORT', String(port))]),
  );
}

const SERVED: Case[] = [
  ['curl at localhost', { Host: 'localhost:PORT' }],
  ['curl at 127.0.0.1', { Host: '127.0.0.1:PORT' }],
  ['curl at [::1]', { Host: '[::1]:PORT' }],
  ['a client that leaves the port out', { Host: 'localhost' }],
  ['a client that shouts', { Host: 'LOCALHOST:PORT' }],
  ['an address typed into a browser', { Host: 'localhost:PORT', 'Sec-Fetch-Site': 'none' }],
  [
    'a page of ours',
    { Host: 'localhost:PORT', 'Sec-Fetch-Site': 'same-origin', Origin: 'http://localhost:PORT' },
  ],
  ['an old browser with a page of ours', { Host: '127.0.0.1:PORT', Origin: 'http://127.0.0.1:PORT' }],
  ['a name that is allowed', { Host: 'node.example' }],
  ['a name that is allowed, at any port', { Host: 'node.example:8443' }],
  ['a page of ours by an allowed name', { Host: 'node.example', Origin: 'https://node.example' }],
  ['a name that is allowed at one port', { Host: 'other.example:81' }],
];

const REFUSED: Case[] = [
  ['DNS rebinding', { Host: 'evil.example:PORT' }],
  [
    'DNS rebinding by a page that thinks it is ours',
    { Host: 'evil.example:PORT', Origin: 'http://evil.example:PORT', 'Sec-Fetch-Site': 'same-origin' },
  ],
  ['a name that begins like ours', { Host: 'localhost.evil.example:PORT' }],
  ['a name that ends like ours', { Host: 'evil.localhost:PORT' }],
  ['a user in the name', { Host: 'localhost@evil.example:PORT' }],
  ['another port', { Host: 'localhost:1' }],
  ['another address', { Host: '192.0.2.1:PORT' }],
  ['an allowed name at another port', { Host: 'other.example:82' }],
  ['a name below an allowed one', { Host: 'a.node.example' }],
  ['a page of another site', { 'Sec-Fetch-Site': 'cross-site' }],
  ['a page of the same site, another port', { 'Sec-Fetch-Site': 'same-site' }],
  ['a site nobody knows', { 'Sec-Fetch-Site': 'anything' }],
  ['another origin', { Origin: 'https://evil.example' }],
  ['another port of this machine', { Host: 'localhost:PORT', Origin: 'http://localhost:3000' }],
  ['an origin of https', { Host: 'localhost:PORT', Origin: 'https://localhost:PORT' }],
  ['another of our names', { Host: 'localhost:PORT', Origin: 'http://127.0.0.1:PORT' }],
  ['a sandboxed page', { Origin: 'null' }],
  ['an empty origin', { Origin: '' }],
  [
    'a good origin from another site',
    { Host: 'localhost:PORT', Origin: 'http://localhost:PORT', 'Sec-Fetch-Site': 'cross-site' },
  ],
];

describe('a request', () => {
  const allowHosts = ['node.example', 'Other.example:81'];

  it.each(SERVED)('from %s is served', async (_what, headers) => {
    const { binding, url } = await startNode({ allowHosts });
    const answer = await ask(`${url}/mine`, { headers: fill(headers, binding.port) });
    expect(answer.status, answer.text).toBe(200);
  });

  it.each(REFUSED)('from %s is refused, for every call', async (_what, headers) => {
    const { binding, url, node } = await startNode({ allowHosts });
    const filled = fill(headers, binding.port);
    const calls: [string, RequestInit][] = [
      ['/mine', {}],
      ['/mine', { method: 'POST' }],
      ['/status', {}],
      ['/health', {}],
      ['/chain', {}],
      ['/events', {}],
      ['/', {}],
      ['/nothing', {}],
      ['/chain', { method: 'OPTIONS' }],
      ['/transactions/new', { method: 'POST', body: '{"sender":"a","recipient":"b","amount":1}' }],
    ];
    for (const [path, init] of calls) {
      const all = { 'Content-Type': 'application/json', ...filled };
      const answer = await ask(`${url}${path}`, { ...init, headers: all });
      expectError(answer, 403, /./);
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    }
    expect(node.status()).toMatchObject({ head: { length: 1 }, pending: 0 });
  });

  it('to a name that is not ours is told how to make it ours', async () => {
    const { url } = await startNode();
    const answer = await ask(`${url}/status`, { headers: { Host: 'class.example' } });
    expectError(answer, 403, /does not answer to the name "class\.example": .*--allow-host/);
  });

  it('without a Host is told to send one', async () => {
    const { url } = await startNode();
    expectError(await ask(`${url}/status`, { withoutHost: true }), 400, /no Host header/);
  });

  // Elsewhere 127.0.0.1 is the only address of loopback.
  it.skipIf(process.platform !== 'linux')(
    'to the address it came in by is served, where the node is bound to all',
    async () => {
      const { url, binding } = await startNode({ host: '0.0.0.0', token: 'secret' });
      expect(new URL(url).hostname).toBe('127.0.0.1');
      const other = `http://127.0.0.2:${binding.port}/health`;
      expect((await ask(other)).status).toBe(200);
      expect((await ask(other, { headers: { Host: `127.0.0.3:${binding.port}` } })).status).toBe(403);
    },
  );

  it.each([
    ['Sec-Purpose', 'prefetch'],
    ['Sec-Purpose', 'prefetch;prerender'],
    ['Purpose', 'prefetch'],
    ['X-Moz', 'prefetch'],
  ])('that only looks ahead (%s: %s) mines and replaces nothing', async (header, value) => {
    const { url, node } = await startNode();
    for (const path of ['/mine', '/nodes/resolve']) {
      expectError(await ask(`${url}${path}`, { headers: { [header]: value } }), 403, /ahead of time/);
    }
    expect((await ask(`${url}/status`, { headers: { [header]: value } })).status).toBe(200);
    expect(node.status().head.length).toBe(1);
  });
});

describe('a token', () => {
  const TOKEN = 'correct-horse_battery.staple~42';

  it('is needed for every call, but for /health and what is the same on every node', async () => {
    const { url, node } = await startNode({ token: TOKEN });
    expect((await ask(`${url}/health`)).status).toBe(200);
    for (const path of [
      '/',
      '/mine',
      '/status',
      '/chain',
      '/peers',
      '/events',
      '/nothing',
      '/health/',
      '/HEALTH',
    ]) {
      const answer = await ask(`${url}${path}`);
      expectError(answer, 401, 'this node needs its token: send it as "Authorization: Bearer TOKEN"');
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="gossipchain"');
    }
    expectError(
      await post(`${url}/transactions/new`, { sender: 'a', recipient: 'b', amount: 1 }),
      401,
      /token/,
    );
    expect(node.status()).toMatchObject({ head: { length: 1 }, pending: 0 });
  });

  it.each([`Bearer ${TOKEN}`, `bearer ${TOKEN}`, `Bearer   ${TOKEN}`])(
    'is taken as %s',
    async (authorization) => {
      const { url } = await startNode({ token: TOKEN });
      expect((await ask(`${url}/status`, { headers: { Authorization: authorization } })).status).toBe(200);
    },
  );

  it.each([
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(0, -1)}`,
    `Bearer ${TOKEN.toUpperCase()}`,
    'Bearer x',
    'Bearer ',
    TOKEN,
    `Basic ${TOKEN}`,
    `Bearer ${TOKEN} ${TOKEN}`,
  ])('is not taken as %s', async (authorization) => {
    const { url } = await startNode({ token: TOKEN });
    expectError(await ask(`${url}/status`, { headers: { Authorization: authorization } }), 401, /token/);
  });

  it('is never logged, nor said back', async () => {
    const logged: string[] = [];
    const note = (fields: object, action: string) => logged.push(JSON.stringify(fields) + action);
    const log: Logger = { ...SILENT, debug: note, info: note, warn: note, error: note };
    const { url } = await startNode({ token: TOKEN, log });
    for (const path of ['/status', '/nothing', `/chain?token=${TOKEN}`, '/blocks/x']) {
      for (const token of [TOKEN, `${TOKEN}wrong`]) {
        const { text, headers } = await ask(`${url}${path}`, {
          headers: { Authorization: `Bearer ${token}` },
        });
        expect(JSON.stringify(headers) + text).not.toContain(TOKEN);
      }
    }
    await expect.poll(() => logged.length).toBeGreaterThanOrEqual(8);
    expect(logged.join('\n')).not.toContain(TOKEN);
  });
});

describe('every answer', () => {
  it.each([
    ['/status', 200],
    ['/chain', 200],
    ['/mine', 200],
    ['/transactions/pending', 200],
    ['/nothing', 404],
    ['/blocks/x', 400],
    ['/blocks/%zz', 400],
    ['/nodes/register', 405],
  ])('forbids to sniff, frame, cache or share it: %s', async (path, status) => {
    const { url } = await startNode();
    const answer = await ask(`${url}${path}`);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(answer.headers).not.toHaveProperty('server');
  });
});
