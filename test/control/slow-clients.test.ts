/** Who takes its time to ask: many such would hold all connections. */
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HEADERS_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from '../../src/control/constants.js';
import { createControlServer } from '../../src/control/http-server.js';
import { jsonStream } from '../../src/control/json-stream.js';

const PATIENCE = { headersMs: 300, requestMs: 600, checkMs: 20, stallMs: 300, lastWordsMs: 100 };

async function serverOf(listener: RequestListener) {
  const server = createControlServer(listener, PATIENCE);
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, port: (server.address() as AddressInfo).port, host: '127.0.0.1' };
}

const readAndAnswer: RequestListener = (request, response) => {
  request.resume().on('end', () => response.end('answered'));
};

/** Sends the begin, then a byte ever so often, until it is hung up on. */
async function trickle(begin: string): Promise<string> {
  const client = connect(await serverOf(readAndAnswer));
  let answer = '';
  client.setEncoding('utf8').on('data', (text) => {
    answer += text;
  });
  client.on('error', () => {}); // hung up on
  client.write(begin);
  const dripping = setInterval(() => client.writable && client.write('x'), 50);
  await once(client, 'close');
  clearInterval(dripping);
  return answer;
}

it.each([
  ['its headers', 'GET /status HTTP/1.1\r\nHost: localhost\r\nX-Slow: '],
  [
    'its body',
    'POST /transactions/new HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n',
  ],
])('a client that sends %s byte by byte is told so, and hung up on', async (_, begin) => {
  const answer = await trickle(begin);
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(answer).toContain('the request took too long to arrive');
});

it('a client that is told so, and does not hang up for its part, is hung up on all the same', async () => {
  const { server, ...address } = await serverOf(readAndAnswer);
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connect({ ...address, allowHalfOpen: true });
  onTestFinished(() => void client.destroy());
  client.on('error', () => {}); // hung up on
  client.write('GET /status HTTP/1.1\r\nX-Slow: ');
  const [connection] = await accepted;
  const [answer] = await once(client.setEncoding('utf8'), 'data');
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  await expect.poll(() => connection.destroyed).toBe(true);
});

/** More than the sockets of both ends hold. */
const LARGE = Buffer.alloc(64 << 20);
const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

describe('a client that takes nothing of its answer', () => {
  it.each<[string, RequestListener]>([
    ['is in one piece', (_, response) => response.end(LARGE)],
    [
      'was long in coming',
      (_, response) => void setTimeout(2 * PATIENCE.stallMs).then(() => response.end(LARGE)),
    ],
    ['comes in pieces', (_, response) => pipeline(jsonStream(endless()), response, () => {})],
  ])('is hung up on, where the answer %s', async (_, listener) => {
    const { server, ...address } = await serverOf(listener);
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connect(address);
    onTestFinished(() => void client.destroy());
    client.on('error', () => {}); // hung up on
    client.write(REQUEST);
    const [connection] = await accepted;
    await expect.poll(() => connection.destroyed, { timeout: 5_000 }).toBe(true);
  });

  it('no longer holds open what the answer is made of', async () => {
    let isOpen = false;
    async function* held() {
      isOpen = true;
      try {
        yield* endless();
      } finally {
        isOpen = false;
      }
    }
    const address = await serverOf((_, response) => pipeline(jsonStream(held()), response, () => {}));
    const client = connect(address);
    onTestFinished(() => void client.destroy());
    client.on('error', () => {}); // hung up on
    client.write(REQUEST);
    await expect.poll(() => isOpen).toBe(true);
    await expect.poll(() => isOpen, { timeout: 5_000 }).toBe(false);
  });
});

async function* endless() {
  for (;;) yield Buffer.alloc(1 << 16);
}

it('a client that takes its answer slowly gets all of it', async () => {
  const client = connect(await serverOf((_, response) => response.end(LARGE)));
  client.write(REQUEST);
  let taken = 0;
  const begun = performance.now();
  for await (const piece of client) {
    taken += piece.length;
    if (taken >= LARGE.length) break;
    await setTimeout(1);
  }
  expect(performance.now() - begun).toBeGreaterThan(2 * PATIENCE.stallMs);
});

it('an answer may be silent for long, and the next one over the same connection too', async () => {
  const address = await serverOf((_, response) => {
    setTimeout(3 * PATIENCE.stallMs).then(() => response.end('at last'));
  });
  const client = connect(address).setEncoding('utf8');
  onTestFinished(() => void client.destroy());
  for (const _ of [1, 2]) {
    client.write(REQUEST);
    expect((await once(client, 'data'))[0]).toContain('at last');
  }
});

it('a connection that is idle after its answer is closed as before', async () => {
  const { server, ...address } = await serverOf(readAndAnswer);
  server.keepAliveTimeout = 20;
  const client = connect(address);
  client.write(REQUEST);
  await once(client.resume(), 'close');
});

it('a client has ten seconds for its headers, and half a minute for all', () => {
  const server = createControlServer(() => {});
  expect(server).toMatchObject({ headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS });
  expect([HEADERS_TIMEOUT_MS, REQUEST_TIMEOUT_MS]).toEqual([10_000, 30_000]);
});
