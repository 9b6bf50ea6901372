import { connect, createServer, type Server, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Binding, bindControl, ControlError, serveControl } from '../../src/control/index.js';
import { bindError } from '../../src/control/listen.js';
import { SILENT } from '../../src/log.js';
import { ask, fakeNode, HAS_IPV6_LOOPBACK, later } from './support.js';

const LOOPBACK = HAS_IPV6_LOOPBACK ? ['127.0.0.1', '::1'] : ['127.0.0.1'];

async function bind(options: { host?: string; port?: number; exact?: boolean } = {}): Promise<Binding> {
  const binding = await bindControl({ port: 0, exact: true, ...options });
  later(() => binding.close());
  return binding;
}

/** Another program's port. */
async function take(host: string, port = 0): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });
  later(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as { port: number }).port;
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;

/** A connection on which this has been sent. */
async function send({ port }: Binding, text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.write(text, () => resolve());
  });
  return socket;
}

/** All that comes until the other side closes. */
async function received(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}

function answerWith(text: string): Parameters<Binding['serve']>[0] {
  return (_request, response) => response.end(text);
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'bound',
    (error) => (error instanceof ControlError ? error.code : error),
  );

describe('a control port', () => {
  it.skipIf(!HAS_IPV6_LOOPBACK).each([
    ['[::1]', '::1', 'http://[::1]'],
    ['0:0:0:0:0:0:0:1', '::1', 'http://[::1]'],
    ['::1%lo', '::1', 'http://[::1]'],
    ['::ffff:127.0.0.1', '127.0.0.1', 'http://127.0.0.1'],
    ['[::FFFF:7f00:1]', '127.0.0.1', 'http://127.0.0.1'],
  ])('is bound to an address however it is written: %s', async (host, plain, url) => {
    const binding = await bind({ host });
    expect(binding).toMatchObject({ host: plain, loopbackOnly: true });
    expect(binding.urls).toEqual([`${url}:${binding.port}`]);
  });

  it('is not bound to an address that no URL can name', async () => {
    for (const host of ['fe80::1', 'fe80::1%lo', '[FE80::1%25lo]'])
      expect(await codeOf(bindControl({ host, port: 0, exact: true }))).toBe('host-link-local');
  });

  it.skipIf(!HAS_IPV6_LOOPBACK)('is bound on both loopback addresses, with one number', async () => {
    const binding = await bind();
    expect(binding.urls).toEqual([`http://127.0.0.1:${binding.port}`, `http://[::1]:${binding.port}`]);
    expect(binding).toMatchObject({ host: '127.0.0.1', loopbackOnly: true });
    binding.serve(answerWith('here'));
    for (const url of binding.urls) expect((await ask(url)).text).toBe('here');
  });

  it.each(LOOPBACK)('counts as taken when it is taken on %s', async (host) => {
    const port = await take(host);
    await expect(bindControl({ port, exact: true })).rejects.toThrow(
      new RegExp(`^port ${port} is taken on ${host}: .*--port`),
    );
    expect(await codeOf(bindControl({ port, exact: true }))).toBe('port-taken');
  });

  it('that the system holds for itself counts as taken, but for those that are not for all', () => {
    const refused = Object.assign(new Error('EACCES'), { code: 'EACCES' });
    expect(bindError(refused, '127.0.0.1', 5000)).toMatchObject({
      code: 'port-taken',
      message: expect.stringMatching(/^port 5000 is held by the system itself: .*--port$/),
    });
    expect(bindError(refused, '127.0.0.1', 80)).toMatchObject({
      code: 'port-not-allowed',
      message: expect.stringContaining('choose one above 1023'),
    });
  });

  it.skipIf(!HAS_IPV6_LOOPBACK)('leaves nothing bound when the second address is taken', async () => {
    const port = await take('::1');
    expect(await codeOf(bindControl({ port, exact: true }))).toBe('port-taken');
    expect(await take('127.0.0.1', port)).toBe(port);
  });

  it('is the next free one where the one wanted is taken and any will do', async () => {
    const port = await take('127.0.0.1');
    const binding = await bind({ port, exact: false });
    expect(binding.port).toBeGreaterThan(port);
    expect(binding.port).toBeLessThan(port + 100);
  });

  it('is another for each node', async () => {
    const first = await bind();
    const second = await bind({ port: first.port, exact: false });
    expect(second.port).not.toBe(first.port);
  });

  it.skipIf(!HAS_IPV6_LOOPBACK)('is bound to the one address that was asked for', async () => {
    const binding = await bind({ host: '127.0.0.1' });
    expect(binding.urls).toEqual([`http://127.0.0.1:${binding.port}`]);
    expect(await take('::1', binding.port)).toBe(binding.port);
  });

  it('is known to be open to others when it is bound to more than loopback', async () => {
    const binding = await bind({ host: '0.0.0.0' });
    expect(binding.loopbackOnly).toBe(false);
    expect(binding.urls[0]).toBe(`http://127.0.0.1:${binding.port}`);
  });

  it('is refused for an address of another machine, with one line', async () => {
    await expect(bindControl({ host: '192.0.2.1', port: 0, exact: true })).rejects.toThrow(
      /^192\.0\.2\.1 is not an address of this machine: [^\n]+$/,
    );
    expect(await codeOf(bindControl({ host: '192.0.2.1', port: 0, exact: false }))).toBe('host-not-ours');
  });

  it('lets requests wait until there is someone to answer, and answers them all', async () => {
    const binding = await bind();
    const early = await Promise.all(['/1', '/2', '/3'].map((path) => send(binding, get(path))));
    binding.serve((request, response) => response.end(request.url));
    const texts = await Promise.all(early.map(received));
    expect(texts.map((text) => text.split('\r\n\r\n')[1])).toEqual(['/1', '/2', '/3']);
  });

  it('is free again once it is closed, whoever is still connected', async () => {
    const binding = await bindControl({ port: 0, exact: true });
    const asked = new Promise<void>((resolve) => binding.serve(() => resolve())); // and answers nobody
    const stuck = await send(binding, get('/'));
    await asked;
    await binding.close();
    await binding.close();
    expect(await received(stuck)).toBe('');
    expect(await take('127.0.0.1', binding.port)).toBe(binding.port);
  });

  it('answers what is not HTTP with an error like any other', async () => {
    const binding = await bind();
    const text = await received(await send(binding, '\x16\x03\x01 hello\r\n\r\n'));
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(JSON.parse(text.split('\r\n\r\n')[1] as string)).toEqual({
      statusCode: 400,
      error: 'Bad Request',
      message: 'this is not an HTTP request: the control API speaks HTTP/1.1, without TLS',
    });
  });

  it('answers headers that are too large with 431', async () => {
    const binding = await bind();
    const answer = await ask(binding.urls[0] as string, { headers: { 'X-Long': 'x'.repeat(20_000) } });
    expect(answer.status).toBe(431);
    expect(answer.json.message).toMatch(/at most 16384 bytes/);
  });

  it('is not served without a token where others can reach it', async () => {
    const binding = await bind({ host: '0.0.0.0' });
    const options = { allowHosts: [], log: SILENT };
    for (const token of [undefined, '']) {
      const served = serveControl(fakeNode({}), binding, { ...options, token });
      expect(await codeOf(served)).toBe('token-needed');
    }
    const control = await serveControl(fakeNode({}), binding, { ...options, token: 'secret' });
    await control.stop();
  });
});
