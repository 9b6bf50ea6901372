/** Who takes its time to ask: many such would hold all connections. */
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { HEADERS_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from '../../src/control/constants.js';
import { createControlServer } from '../../src/control/http-server.js';

const PATIENCE = { headersMs: 300, requestMs: 600, checkMs: 20 };

/** Sends the begin, then a byte ever so often, until it is hung up on. */
async function trickle(begin: string): Promise<string> {
  const server = createControlServer((request, response) => {
    request.resume().on('end', () => response.end('answered'));
  }, PATIENCE);
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
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

it('a client has ten seconds for its headers, and half a minute for all', () => {
  const server = createControlServer(() => {});
  expect(server).toMatchObject({ headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS });
  expect([HEADERS_TIMEOUT_MS, REQUEST_TIMEOUT_MS]).toEqual([10_000, 30_000]);
});
