/** Who takes its time to ask: many such would hold all connections. */
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { HEADERS_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from '../../src/control/constants.js';
import { createControlServer } from '../../src/control/http-server.js';

const PATIENCE = { headersMs: 300, requestMs: 600, checkMs: 20, lastWordsMs: 100 };

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

it('a client has ten seconds for its headers, and half a minute for all', () => {
  const server = createControlServer(() => {});
  expect(server).toMatchObject({ headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS });
  expect([HEADERS_TIMEOUT_MS, REQUEST_TIMEOUT_MS]).toEqual([10_000, 30_000]);
});
