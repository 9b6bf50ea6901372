import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { DEFAULT_NETWORK, networkId } from '../../src/chain/index.js';
import { writeInvitation } from '../../src/node/invitation.js';
import { gossipchain } from '../cli/support.js';
import { type Launched, launch } from '../helpers/node-process.js';
import { describeNodes, RunningNode, scratch } from './running-node.js';

const ANYWHERE = ['start', '--no-mdns', '--port', '0'];
const NOBODY = '12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN';

/** A node of its own home. */
const start = (home: string, ...args: string[]) => RunningNode.start(['--no-mdns', ...args], home);

async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** All files and directories under one. */
function contentsOf(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true }).map(String).sort();
}

describeNodes('start', () => {
  it('prints data directory, control address and the addresses that peers can use', async () => {
    const home = scratch();
    const node = await start(home, '--port', '0', '--name', 'mona');
    const { port } = new URL(node.url);
    const directory = join(home, 'data', 'gossipchain', `${networkId(DEFAULT_NETWORK)}-${port}`);
    expect(node.output).toContain('the node mona runs, its chain has 1 block');
    expect(node.output).toContain(directory);
    expect(node.output).toMatch(/\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/12D3/);
    expect(existsSync(join(directory, 'key'))).toBe(true);
  });

  it('stops cleanly on SIGTERM and SIGINT, with exit code 0, and its record is gone', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const home = scratch();
      const node = await start(home, '--port', '0', '--ephemeral');
      const records = join(home, 'state', 'gossipchain', 'running');
      expect(readdirSync(records)).toHaveLength(1);
      const from = performance.now();
      expect(await node.end(signal)).toMatchObject({ code: 0 });
      expect(performance.now() - from).toBeLessThan(2000);
      expect(node.log).not.toContain('stop-unfinished');
      expect(readdirSync(records)).toEqual([]);
    }
  });

  it('ends as soon where it has not started yet, and leaves nothing behind', async () => {
    const endedBySignal = async (home: string, { child, finished, output }: Launched) => {
      const from = performance.now();
      child.kill('SIGINT');
      expect((await finished).code, output()).toBe(0);
      expect(performance.now() - from).toBeLessThan(2000);
      expect(output()).not.toContain('stop-unfinished');
      expect(contentsOf(join(home, 'data'))).toEqual([]);
    };
    const silent = await takenPort();
    const addresses = [1, 2, 3, 4].map((host) => `/ip4/127.0.0.${host}/tcp/${silent}`);
    const code = writeInvitation({ network: DEFAULT_NETWORK, peerId: NOBODY, addresses });
    const home = scratch();
    const joining = launch([...ANYWHERE, '--join', code], home);
    onTestFinished(() => void joining.child.kill('SIGKILL'));
    await expect
      .poll(() => contentsOf(home).some((name) => name.endsWith('/key')), { timeout: 10_000 })
      .toBe(true);
    await endedBySignal(home, joining);

    const other = scratch();
    const reading = launch([...ANYWHERE, '--genesis', '-'], other, 'pipe');
    onTestFinished(() => void reading.child.kill('SIGKILL'));
    // More than a pipe takes in, so that it is being read when all is written.
    await new Promise((written) => reading.child.stdin?.write(' '.repeat(1 << 20), written));
    await endedBySignal(other, reading);
  });

  it('is found by the commands of the same user, and only while it runs', async () => {
    const home = scratch();
    const node = await start(home, '--port', '0', '--difficulty', '1', '--ephemeral');
    expect((await gossipchain(['mine'], { home })).stdout).toMatch(
      /^Block 2 forged: proof \d+, 1 transaction, /,
    );
    const sent = await gossipchain(['send', '--to', 'bob', '--amount', '5.0'], { home });
    expect(sent.stdout).toMatch(/^Transaction will be added to Block 3\nid [0-9a-f]{64}\n$/);
    const pending = await gossipchain(['pending', '--json'], { home });
    expect(pending.stdout).toContain('"amount": 5.0');
    expect(JSON.parse(pending.stdout)[0].transaction.sender).toMatch(/^12D3/);
    expect((await gossipchain(['chain'], { home })).stdout.split('\n')).toHaveLength(4);
    const exported = await gossipchain(['chain', '--json'], { home });
    expect(await gossipchain(['verify', '-', '--difficulty', '1'], { input: exported.stdout })).toMatchObject(
      { code: 0 },
    );
    await node.end('SIGKILL');
    expect((await gossipchain(['status'], { home })).stderr).toContain('no node of this user runs');
    expect(readdirSync(join(home, 'state', 'gossipchain', 'running'))).toEqual([]);
  });

  it('is driven by the commands of another user only where they name it, be it at the usual port', async () => {
    const node = await start(scratch(), '--port', '5000', '--ephemeral');
    const other = scratch();
    for (const command of [['mine'], ['send', '--to', 'bob', '--amount', '1'], ['connect', '127.0.0.1:1']])
      expect(await gossipchain(command, { home: other })).toEqual({
        code: 2,
        stdout: '',
        stderr:
          'gossipchain: no node of this user runs: start one with "gossipchain start", or name another by --port or --url\n',
      });
    expect(await node.status()).toMatchObject({ length: 1, pending: 0 });
    expect(await gossipchain(['mine', '--port', '5000'], { home: other })).toMatchObject({ code: 0 });
  });

  it('says how commands find it where it cannot be recorded, and where that was to be', async () => {
    const home = scratch();
    writeFileSync(join(home, 'state'), 'a file');
    const node = await start(home, '--port', '0', '--difficulty', '1', '--host', '0.0.0.0');
    const line = node.log.split('\n').find((one) => one.includes('not-recorded')) ?? '';
    expect(line).toContain(join(home, 'state', 'gossipchain', 'running'));
    expect(line).toContain('a part of the path is a file, not a directory');
    const [, how = ''] = /by (--url .*) only/.exec(line) ?? [];
    expect((await gossipchain(['mine', ...how.split(' ')], { home })).stdout).toMatch(/^Block 2 forged/);
  });

  it('lists the running nodes where there are several and none was chosen', async () => {
    const home = scratch();
    const first = await start(home, '--port', '0', '--ephemeral', '--name', 'first');
    const second = await start(home, '--port', '0', '--ephemeral', '--name', 'second');
    const { code, stderr } = await gossipchain(['status'], { home });
    expect(code).toBe(2);
    for (const text of [first.url, second.url, '(first, gossipchain)', '(second, gossipchain)'])
      expect(stderr).toContain(text);
    const { port } = new URL(second.url);
    expect((await gossipchain(['status', '--port', port], { home })).stdout).toMatch(/^name\s+second$/m);
    expect((await gossipchain(['status', '--url', first.url], { home })).stdout).toMatch(/^name\s+first$/m);
  });

  it('leaves nothing behind where the port is taken', async () => {
    const home = scratch();
    const port = await takenPort();
    const { code, stderr } = await gossipchain(['start', '--no-mdns', '--port', String(port)], { home });
    expect(stderr).toMatch(/^gossipchain: port \d+ is taken [^\n]*\n$/);
    expect(code).toBe(2);
    expect(contentsOf(home)).toEqual([]);
  });

  it('leaves nothing behind where the listen port is taken, or no address to listen on', async () => {
    const home = scratch();
    const empty = join(home, 'empty');
    mkdirSync(empty);
    for (const address of [
      `/ip4/127.0.0.1/tcp/${await takenPort()}`,
      'nonsense',
      '/ip4/192.0.2.1/tcp/4001',
      '/ip6/fe80::1/tcp/0',
      '/ip6zone/lo/ip6/fe80::1/tcp/0',
      '/ip6/::ffff:127.0.0.1/tcp/0',
    ]) {
      for (const place of [[], ['--data-dir', empty], ['--data-dir', join(home, 'a', 'b')]]) {
        const args = ['start', '--no-mdns', '--port', '0', '--listen', address, ...place];
        const { code, stderr } = await gossipchain(args, { home });
        expect(stderr).toMatch(/^gossipchain: [^\n]*\n$/);
        expect(stderr).not.toMatch(/unexpected|EINVAL/);
        expect(code).toBe(2);
        expect(contentsOf(home)).toEqual(['empty']);
      }
    }
  });

  it('leaves nothing behind where the genesis is broken, and says what is wrong with it', async () => {
    const home = scratch();
    const genesis = join(home, 'genesis.json');
    for (const text of ['{', '[]', '{"index": 1}', '{"chain": []}', '{"chain": [{"index": 2}]}']) {
      writeFileSync(genesis, text);
      const { code, stderr } = await gossipchain(['start', '--no-mdns', '--genesis', genesis], { home });
      expect(stderr).toMatch(/^gossipchain: .*genesis\.json has no first block for a chain: [^\n]*\n$/);
      expect(code).toBe(2);
      expect(contentsOf(home)).toEqual(['genesis.json']);
    }
  });

  it('leaves a data directory of another network as it is', async () => {
    const home = scratch();
    const directory = join(home, 'data');
    const node = await start(home, '--port', '0', '--data-dir', directory);
    await node.end('SIGTERM');
    const key = readFileSync(join(directory, 'key'));
    const args = ['start', '--no-mdns', '--port', '0', '--data-dir', directory, '--network', 'other'];
    const { code, stderr } = await gossipchain(args, { home });
    expect(stderr).toMatch(/^gossipchain: [^\n]*network[^\n]*\n$/);
    expect(code).toBe(2);
    expect(readFileSync(join(directory, 'key'))).toEqual(key);
    const again = await start(home, '--port', '0', '--data-dir', directory);
    expect(again.output).toContain('its chain has 1 block');
  });

  it('leaves a data directory that another node uses to it', async () => {
    const home = scratch();
    const directory = join(home, 'data');
    const node = await start(home, '--port', '0', '--data-dir', directory, '--name', 'owner');
    const { code, stderr } = await gossipchain(['start', '--port', '0', '--data-dir', directory], { home });
    expect(stderr).toMatch(/^gossipchain: [^\n]*in use by another process[^\n]*\n$/);
    expect(code).toBe(2);
    const { port } = new URL(node.url);
    expect((await gossipchain(['mine', '--port', port], { home })).code).toBe(0);
  });

  it('makes a token where others than this machine can ask, keeps it for this user alone, and prints it once', async () => {
    const home = scratch();
    const directory = join(home, 'data');
    const args = ['--port', '0', '--host', '0.0.0.0', '--data-dir', directory];
    const node = await start(home, ...args);
    const file = join(directory, 'control-token');
    const token = readFileSync(file, 'utf8').trim();
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(node.output).toContain(token);
    const refused = await gossipchain(['peers', '--url', node.url]);
    expect(refused.stderr).toContain('asks for its token');
    expect(refused.code).toBe(2);
    expect(await gossipchain(['peers', '--url', node.url, '--token', token])).toMatchObject({ code: 0 });
    // Its own user's commands know where it is kept.
    expect(await gossipchain(['peers'], { home })).toMatchObject({ code: 0 });
    await node.end('SIGTERM');
    expect((await start(home, ...args)).output).not.toContain(token);
  });

  it('writes plain lines into a pipe: one an event', async () => {
    const home = scratch();
    const node = await start(home, '--port', '0', '--difficulty', '1', '--ephemeral');
    await gossipchain(['send', '--from', 'ann\u001b[31m', '--to', 'bob', '--amount', '1'], { home });
    await gossipchain(['mine'], { home });
    await expect.poll(() => node.log).toContain('block-mined');
    const lines = node.log.trimEnd().split('\n');
    for (const line of lines)
      expect(line).toMatch(/^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\] [A-Z]+: +[a-z-]+( |$)/);
    expect(node.log).toMatch(/transaction-sent .*sender=ann\\u\{1b\}\[31m {2}recipient=bob {2}amount=1\n/);
    expect(node.log).toMatch(/block-mined {10}index=2 {2}hash=[0-9a-f]{12}… {2}transactions=2/);
  });
});
