/** The examples, run as a newcomer runs them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeNodes, type Finished, RunningNode, scratch } from './running-node.js';

const installed = process.env.GOSSIPCHAIN_TEST_INSTALLED ?? '';

interface Program {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly finished: Promise<Finished>;
}

function launch(command: string, args: readonly string[]): Program {
  const home = scratch();
  const none = { XDG_DATA_HOME: '', XDG_STATE_HOME: '', XDG_CONFIG_HOME: '' };
  const child = spawn(command, args, {
    // With the token of a node that the user has beside.
    env: { ...process.env, ...none, HOME: home, GOSSIPCHAIN_TOKEN: 'a-token-of-another-node' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  const finished = new Promise<Finished>((done) => {
    child.on('close', (code, signal) => done({ code, signal, output: text }));
  });
  onTestFinished(async () => {
    // Not SIGKILL: what an example has started it ends itself.
    if (child.exitCode === null) child.kill('SIGTERM');
    await finished;
  });
  return { child, output: () => text, finished };
}

const example = (name: string, ...args: string[]) => launch(process.execPath, [`examples/${name}`, ...args]);
const pythonPeer = (...args: string[]) => launch('python3', ['examples/python-peer.py', ...args]).finished;

it('lists every example in their README', () => {
  const readme = readFileSync('examples/README.md', 'utf8');
  const programs = readdirSync('examples').filter(
    (name) => /\.(js|py)$/.test(name) && name !== 'node-process.js',
  );
  expect(programs.length).toBeGreaterThan(3);
  for (const name of programs) expect(readme).toContain(`(${name})`);
});

describe("the LAN demo's table", () => {
  it('says of a block that lost which nodes never had it, and when the others changed to the longer chain', async () => {
    const { Arrivals } = await import(pathToFileURL('examples/lan-demo/arrivals.js').href);
    const arrivals = new Arrivals(3);
    const block = (index: number, hash: string, previous_hash: string, ms: number) => ({
      event: 'block',
      ...{ index, hash, block: { previous_hash }, at: new Date(ms).toISOString() },
    });
    // Nodes 1 and 3 find a block at once; node 1 mines on; node 3 gives its own block up.
    arrivals.record(1, block(2, 'aaaaaaaa', '1', 1_000));
    arrivals.record(2, block(2, 'aaaaaaaa', '1', 1_005));
    arrivals.record(3, block(2, 'bbbbbbbb', '1', 1_002));
    arrivals.record(1, block(3, 'cccccccc', 'aaaaaaaa', 1_050));
    expect(arrivals.complete('aaaaaaaa')).toBe(false);
    const reorg = { event: 'reorg', fork: 1, new_head: { length: 3, hash: 'cccccccc' } };
    arrivals.record(3, { ...reorg, at: new Date(1_060).toISOString() });
    arrivals.record(2, block(3, 'cccccccc', 'aaaaaaaa', 1_057));
    expect(tableRows(`${arrivals}`)).toEqual([
      ['2  aaaaaaaa', 'mined', '5', '60'],
      ['2  bbbbbbbb', 'never', 'never', 'mined'],
      ['3  cccccccc', 'mined', '7', '10'],
    ]);
    expect(['aaaaaaaa', 'bbbbbbbb', 'cccccccc'].map((hash) => arrivals.complete(hash))).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('of many nodes goes on below, ten nodes beside one another', async () => {
    const { Arrivals } = await import(pathToFileURL('examples/lan-demo/arrivals.js').href);
    const headers = `${new Arrivals(12)}`.split('\n').filter((line) => line.startsWith('│ block'));
    expect(headers.map((line) => line.match(/node \d+/g)?.length)).toEqual([10, 2]);
  });
});

describeNodes('the LAN demo', () => {
  it('lets five nodes meet, mine and agree, and shows when each had each block', async () => {
    const { code, output } = await example(
      'lan-demo.js',
      '--nodes',
      '5',
      '--blocks',
      '3',
      '--difficulty',
      '3',
    ).finished;
    expect(output).toContain('All are connected to all');
    const header = output.split('\n').find((line) => line.startsWith('│ block'));
    expect(header?.match(/node \d+/g)).toEqual(['node 1', 'node 2', 'node 3', 'node 4', 'node 5']);

    const rows = tableRows(output);
    const indexes = rows.map(([block]) => Number.parseInt(block as string, 10));
    expect(new Set(indexes)).toEqual(
      new Set(Array.from({ length: Math.max(...indexes) - 1 }, (_, i) => i + 2)),
    );
    for (const [block, ...cells] of rows) {
      expect(cells, block).toHaveLength(5);
      expect(cells.filter((cell) => cell === 'mined')).toHaveLength(1);
      for (const cell of cells) expect(cell).toMatch(/^(\d+|mined|never)$/);
    }
    expect(rows.at(-1)).not.toContain('never');

    const [, length, head] = /^Every head is equal: (\d+) blocks, head ([0-9a-f]{64})$/m.exec(output) ?? [];
    expect(Number(length)).toBe(Math.max(...indexes));
    expect(rows.at(-1)?.[0]).toContain(head?.slice(0, 8));
    expect(code).toBe(0);
  });

  it('runs with one node, too', async () => {
    const { code, output } = await example(
      'lan-demo.js',
      '--nodes',
      '1',
      '--blocks',
      '2',
      '--difficulty',
      '1',
    ).finished;
    expect(output).toContain('Every head is equal: 3 blocks');
    expect(code).toBe(0);
  });

  it('ends every node it started when it is interrupted', async () => {
    const demo = example('lan-demo.js', '--nodes', '3', '--blocks', '100', '--difficulty', '4');
    await expect.poll(demo.output, { timeout: 60_000 }).toContain('mined block 2');
    const urls = demo.output().match(/http:\/\/127\.0\.0\.1:\d+/g) ?? [];
    expect(urls).toHaveLength(3);
    demo.child.kill('SIGINT');
    const { code, output } = await demo.finished;
    expect(output.trim().split('\n').at(-1)).toBe('Interrupted.');
    expect(code).toBe(130);
    for (const url of urls) await expect(fetch(`${url}/health`)).rejects.toThrow();
  });

  it.each([
    ['--nodes', '0', '--nodes must be a whole number from 1 to 30, not "0"'],
    ['--difficulty', 'hard', '--difficulty must be a whole number from 0 to 6, not "hard"'],
    ['--node', '5', "Unknown option '--node'"],
  ])('says in one line what is wrong with %s %s', async (option, value, message) => {
    const { code, output } = await example('lan-demo.js', option, value).finished;
    expect(output.split('\n')[0]).toContain(message);
    expect(code).toBe(2);
  });
});

describeNodes('the tutorial walkthrough', () => {
  it('ends its nodes when whoever read its output has gone', async () => {
    const walkthrough = example('tutorial-walkthrough.js');
    await expect.poll(walkthrough.output, { timeout: 20_000 }).toContain('$ curl');
    walkthrough.child.stdout?.destroy();
    expect((await walkthrough.finished).code).toBe(130);
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(walkthrough.output()) ?? [];
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });

  it("takes the tutorial's session, and the longer chain of two replaces the shorter", async () => {
    const { code, output } = await example('tutorial-walkthrough.js').finished;
    expect(answersTo(output, '/mine')).toEqual([
      expect.objectContaining({ message: 'New Block Forged', index: 2, proof: 35293 }),
      expect.objectContaining({ index: 3, proof: 35089 }),
      ...[2, 3, 2, 3, 4].map((index) => expect.objectContaining({ index })),
    ]);
    expect(answersTo(output, '/transactions/new')).toMatchObject([
      { message: 'Transaction will be added to Block 3' },
    ]);
    expect(answersTo(output, '/chain')).toMatchObject([{ length: 3 }]);
    expect(answersTo(output, '/nodes/register')).toMatchObject([{ message: 'New nodes have been added' }]);
    const [ours, theirs] = answersTo(output, '/nodes/resolve') as [
      { new_chain: unknown[] },
      { chain: unknown[] },
    ];
    expect(ours).toMatchObject({ message: 'Our chain was replaced' });
    expect(theirs).toMatchObject({ message: 'Our chain is authoritative' });
    expect(ours.new_chain).toHaveLength(4);
    expect(theirs.chain).toEqual(ours.new_chain);
    expect(code).toBe(0);
  });
});

describeNodes('the embedded nodes', () => {
  it.each([
    ['in this package', 'examples/embed.js'],
    ...(installed === ''
      ? []
      : [['as installed', join(installed, 'node_modules/gossipchain/examples/embed.js')]]),
  ])('connect, tell their events and agree, %s', async (_, file) => {
    const { code, output } = await launch(process.execPath, [file as string]).finished;
    expect(output).toContain('alice: block 2 (own)');
    expect(output).toMatch(/bob: block 2 \((gossip|sync)\)/);
    expect(output).toContain('in block 3: 5 from bob to alice');
    expect(output).toMatch(/^both have the head [0-9a-f]{64}$/m);
    expect(code).toBe(0);
  });
});

describeNodes('the Python peer', () => {
  const ALONE = ['--ephemeral', '--port', '0', '--no-mdns', '--difficulty', '2'];

  it("finds an honest node's chain valid, and its own hash of the last block to be the node's head", async () => {
    const node = await honestNode();
    const { code, output } = await pythonPeer(node.url);
    expect(output).toBe(`valid: 4 blocks\nhead:  ${(await node.status()).head}, as the node says\n`);
    expect(code).toBe(0);
  });

  it.each([
    ['the amount in block 3', '"amount": 1e+16', '"amount": 6', 'block 4: previous_hash is not the hash'],
    [
      'the proof of block 4',
      /"proof": (\d+)(?!.*"proof")/,
      '"proof": 1$1',
      'block 4: the proof is not valid',
    ],
    [
      'the kind of a number in the last block',
      '"amount": 700',
      '"amount": 700.0',
      'but not what the node says',
    ],
  ] as const)('refuses a chain when %s was changed', async (_, what, by, complaint) => {
    const node = await honestNode();
    const chain = await node.text('/chain');
    const doctored = chain.replace(what, by);
    expect(doctored).not.toBe(chain);
    const { code, output } = await pythonPeer(await serve(doctored, await node.text('/status')));
    expect(output).toContain(complaint);
    expect(code).toBe(1);
  });

  it('takes a chain of its own through resolve_conflicts, to the longest valid one offered', async () => {
    const [longer, shorter] = [await honestNode(), await RunningNode.start(ALONE)];
    await shorter.mine();
    const doctored = (await longer.text('/chain'))
      .replace('1e+16', '6')
      .replace('"length": 4', '"length": 99');
    const liar = await serve(doctored, await longer.text('/status'));
    const { code, output } = await pythonPeer('--resolve', shorter.url, longer.url, liar);
    expect(output).toContain('block 4: previous_hash is not the hash of the block before');
    expect(output).toContain(`Our chain was replaced\n4 blocks, head ${(await longer.status()).head}\n`);
    expect(code).toBe(0);
  });

  it('says so in one line where there is something else than a chain', async () => {
    const { code, output } = await pythonPeer(
      await serve('{"chain": [1, 2], "length": 2}', '{"length": 2, "difficulty": 4}'),
    );
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).toContain('what came is no chain of blocks');
    expect(code).toBe(1);
  });

  it('says so in one line where no node answers', async () => {
    const { code, output } = await pythonPeer('http://127.0.0.1:1');
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).toContain('a node does not answer');
    expect(code).toBe(1);
  });

  /** With three blocks mined, a payment in each, and names and amounts that Python must print as we do. */
  async function honestNode(): Promise<RunningNode> {
    const node = await RunningNode.start(ALONE);
    for (const amount of ['5.0', '1e+16', '700']) {
      await node.post('/transactions/new', `{"sender": "Jörg", "recipient": "小明😀", "amount": ${amount}}`);
      await node.mine();
    }
    return node;
  }
});

/** Serves a chain and a status as a node would. */
async function serve(chain: string, status: string): Promise<string> {
  const server = createServer((request, response) => response.end(request.url === '/chain' ? chain : status));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The cells of the demo's table, a block a row. */
function tableRows(output: string): string[][] {
  return output
    .split('\n')
    .filter((line) => /^│ \d/.test(line))
    .map((line) =>
      line
        .split('│')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** What the walkthrough shows as the answers to its calls of a path. */
function answersTo(output: string, path: string): unknown[] {
  return output
    .split('$ curl ')
    .filter((call) => call.split('\n')[0]?.endsWith(path))
    .map((call) => JSON.parse(call.slice(call.indexOf('\n'), call.indexOf('\n\n'))));
}

describe.skipIf(installed === '')('the examples as installed', () => {
  it('are in the package', () => {
    expect(readdirSync(join(installed, 'node_modules/gossipchain/examples'))).toContain('README.md');
  });
});
