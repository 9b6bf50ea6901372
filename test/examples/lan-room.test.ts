/** examples/lan-room.js as it is run, beside a node that does as a real one would in a race. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';

const AT = new Date().toISOString();
const block = (index: number, recipient: string) => ({ index, transactions: [{ recipient }] });

it('waits for no block that came with a longer chain, and counts who found it', async () => {
  const { end, output } = await board('--mine', '1', await racingNode());
  expect(end, output).toEqual([0, null]);
  expect(output).toContain('ada changes to a longer chain: 1 out, 2 in');
  expect(output).toMatch(/Who found them:.*│ bob +│ +2 │/s);
  expect(output).toContain('0 forks seen, 1 replaced chain.');
});

it('ends where one of several nodes does not answer, and says which', async () => {
  const { end, output } = await board(await racingNode(), 'http://127.0.0.1:1');
  expect(end, output).toEqual([1, null]);
  expect(output).toContain('http://127.0.0.1:1 does not answer');
});

/** How it ended, and what it said. */
async function board(...args: string[]): Promise<{ end: unknown[]; output: string }> {
  const program = spawn(process.execPath, ['examples/lan-room.js', ...args]);
  onTestFinished(() => void program.kill('SIGKILL'));
  let output = '';
  for (const stream of [program.stdout, program.stderr]) stream.on('data', (chunk) => (output += chunk));
  return { end: await once(program, 'close'), output };
}

/** It has three blocks. The fourth that it mines loses to two of bob's. */
async function racingNode(): Promise<string> {
  let events: ServerResponse | undefined;
  const chain = [block(4, 'id of bob'), block(5, 'id of bob')];
  const reorg = { fork: 3, removed: 1, added: 2, new_head: { length: 5, hash: 'five' }, at: AT };
  const answers: Record<string, () => unknown> = {
    '/status': () => ({ name: 'ada', peer_id: 'id of ada', peers: 1, length: 3 }),
    '/peers': () => [{ peer_id: 'id of bob', name: 'bob' }],
    '/mine': () => {
      events?.write(`event: reorg\ndata: ${JSON.stringify(reorg)}\n\n`);
      return block(4, 'id of ada');
    },
    '/chain?from=4': () => ({ chain, length: 5 }),
  };
  const server = createServer(({ url = '' }, response) => {
    if (url === '/events') {
      events = response;
      response.flushHeaders();
    } else response.writeHead(url in answers ? 200 : 404).end(JSON.stringify(answers[url]?.() ?? {}));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
