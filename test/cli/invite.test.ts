import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { inviteCommand } from '../../src/cli/commands/invite.js';
import { shownOn } from './support.js';

const CODE = `gc1${'q'.repeat(90)}`;

/** What is shown at a terminal that has so many columns, as far as it says. */
async function shownAt(columns: number | undefined): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ code: CODE, network_id: '515b81d5a2aeb7ed', addresses: [] }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const shown = shownOn(process.stdout, true);
  shownOn(process.stderr, true);
  const before = Object.getOwnPropertyDescriptor(process.stdout, 'columns');
  Object.defineProperty(process.stdout, 'columns', { value: columns, configurable: true });
  onTestFinished(() => {
    Object.defineProperty(process.stdout, 'columns', before ?? { value: undefined, configurable: true });
  });
  await inviteCommand().parseAsync(['--url', `http://127.0.0.1:${port}/`], { from: 'user' });
  return shown();
}

it.each([
  ['is wide enough', 200],
  ['does not say how wide it is', 0],
  ['says nothing of its width', undefined],
])('the QR code is shown at a terminal that %s', async (_, columns) => {
  expect(await shownAt(columns)).toMatch(/█.*gc1q+\n$/s);
});

it('the QR code is not shown at a terminal that is too narrow for it, and that is said', async () => {
  expect(await shownAt(20)).toMatch(/^\(The QR code needs a terminal \d\d characters wide\.\)\n\ngc1q+\n$/);
});
