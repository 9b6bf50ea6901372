/** The program as it is shipped: one bundled file, whose compiled code is kept from one start to the next. */
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { withoutHome } from '../helpers/homeless.js';
import { describeNodes, RunningNode, run, scratch } from './running-node.js';

const PRIVATE = ['--ephemeral', '--no-mdns', '--port', '0', '--listen', '/ip4/127.0.0.1/tcp/0'];

/** Where a home's compiled code is kept, and nobody else's. */
function ownCache(): { home: string; cache: string } {
  const home = scratch();
  vi.stubEnv('GOSSIPCHAIN_TEST_CACHE', join(home, '.cache'));
  onTestFinished(() => void vi.unstubAllEnvs());
  return { home, cache: join(home, '.cache', 'gossipchain', 'compiled') };
}

/** What V8 has for what is new once it has answered so much. */
async function youngAfterWork(node: RunningNode): Promise<number> {
  for (let i = 0; i < 500; i++) await node.status();
  return await node.youngBytes();
}

describeNodes('the bundled program', () => {
  it('keeps its compiled code when it has stopped, not while it runs, and starts from it, be it damaged', async () => {
    const { home, cache } = ownCache();
    const first = await RunningNode.start(PRIVATE, home);
    await first.mine();
    // By then it has settled V8's heap and its optimiser, under flags other than those of a start.
    await expect.poll(() => youngAfterWork(first), { timeout: 30_000 }).toBe(16 * 2 ** 20);
    expect(existsSync(cache)).toBe(false);
    expect(await first.end('SIGTERM')).toMatchObject({ code: 0 });

    const kept = readdirSync(cache);
    expect(kept).toHaveLength(1);
    const file = join(cache, kept[0] as string);
    const { size, mtimeMs } = statSync(file);
    expect(size).toBeGreaterThan(500_000);
    const second = await first.again();
    expect((await second.mine()).index).toBe(2);
    await second.end('SIGTERM');
    // Who has compiled anew keeps that: this one started from what was kept...
    expect(statSync(file)).toMatchObject({ size, mtimeMs });

    const damaged = (await readFile(file)).fill(7, 1_000, 200_000);
    writeFileSync(file, damaged);
    const third = await first.again();
    expect((await third.mine()).index).toBe(2);
    await third.end('SIGTERM');
    // ...and this one did not.
    expect(readdirSync(cache)).toEqual(kept);
    expect((await readFile(file)).equals(damaged)).toBe(false);
  });

  it('knows its errors by name: an address that is none, or where nobody listens, is told as such', async () => {
    const node = await RunningNode.start(PRIVATE);
    for (const [address, reason] of [
      ['/foo', 'Please supply a valid list of nodes: "/foo" is not an address of a peer'],
      ['/ip4/127.0.0.1/tcp/1', 'cannot reach /ip4/127.0.0.1/tcp/1'],
    ] as const) {
      const { code, output } = await run(['connect', '--url', node.url, address], node.home);
      expect(code).toBe(2);
      expect(output).toContain(reason);
    }
  });

  it('starts where the user has no home directory: it is not recorded, and its compiled code is not kept', async () => {
    const { home, cache } = ownCache();
    withoutHome();
    const node = await RunningNode.start(PRIVATE, home);
    expect(node.log).toContain('not-recorded         reason="this user has no home directory"');
    expect(await run(['mine', '--url', node.url], home)).toMatchObject({ code: 0 });
    expect(await node.end('SIGTERM')).toMatchObject({ code: 0 });
    expect(existsSync(cache)).toBe(false);
  });

  it('names the sources in a stack trace, not the bundle', async () => {
    const home = scratch();
    const file = join(home, 'file');
    writeFileSync(file, '');
    const { code, output } = await run(
      ['start', '--port', '0', '--data-dir', file, '--log-level', 'debug'],
      home,
    );
    expect(code).toBe(2);
    expect(output).toContain('src/storage/directory.ts:');
    expect(output).not.toContain('program.cjs');
  });
});

it('keeps no compiled code after start --help: next to nothing is compiled by then', async () => {
  const { home, cache } = ownCache();
  expect(await run(['start', '--help'], home)).toMatchObject({ code: 0 });
  expect(existsSync(cache)).toBe(false);
});

it('says under what licence each bundled package is', async () => {
  const text = await readFile('dist/bin/THIRD-PARTY-LICENCES.txt', 'utf8');
  for (const name of ['libp2p', '@libp2p/gossipsub', 'fastify', 'commander', 'pino'])
    expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(.+\\)$`, 'm'));
});
