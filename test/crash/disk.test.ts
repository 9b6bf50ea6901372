/** A disk that is full, or may not be written to: nothing is acknowledged that is not kept, and nobody needs to mend anything. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { hasRoom } from '../../src/storage/index.js';
import { describeNodes, RunningNode, run, scratch } from '../e2e/running-node.js';
import { SmallDisk } from './small-disk.js';

const PRIVATE = ['--no-mdns', '--port', '0', '--listen', '/ip4/127.0.0.1/tcp/0'];
const STACK = /^\s+at .+:\d+/m;
const lines = (text: string, about: string) => text.split('\n').filter((line) => line.includes(about));

const args = (disk: SmallDisk) => [
  ...PRIVATE,
  '--difficulty',
  '1',
  '--data-dir',
  join(disk.directory, 'data'),
];

/** The id of a payment that was taken, or the answer to one that was not. */
async function send(node: RunningNode, recipient = 'b'): Promise<string | Response> {
  const answer = await node.post('/transactions/new', { sender: 'a'.repeat(200), recipient, amount: 1 });
  return answer.status === 201 ? ((await answer.json()) as { id: string }).id : answer;
}

/** Sends payments until one is not taken; answers their ids, and the answer to that one. */
async function sendUntilRefused(node: RunningNode): Promise<{ ids: string[]; refusal: Response }> {
  const ids: string[] = [];
  for (;;) {
    const sent = await send(node);
    if (typeof sent !== 'string') return { ids, refusal: sent };
    ids.push(sent);
  }
}

async function expectAll(node: RunningNode, ids: readonly unknown[]): Promise<void> {
  const pending = await node.get<{ id: string }[]>('/transactions/pending');
  expect(pending.map(({ id }) => id)).toEqual(expect.arrayContaining([...ids]));
}

describeNodes('a node whose disk is full', () => {
  it('says so once, takes nothing it cannot keep, shows what it has, and goes on by itself once there is room', async () => {
    const disk = new SmallDisk(32);
    const node = await RunningNode.start(args(disk));
    await node.mine();
    await node.mine();
    // So seldom that it does not happen here.
    const pace = { every_seconds: 86_400 };
    await node.post('/mining', pace);
    disk.fill(100_000);
    const { ids, refusal } = await sendUntilRefused(node);
    expect(ids.length).toBeGreaterThan(10);
    expect(refusal.status).toBe(503);
    expect(await refusal.json()).toMatchObject({
      message: expect.stringContaining('No space left on device'),
    });

    for (let i = 0; i < 3; i++) expect((await fetch(`${node.url}/mine`)).status).toBe(503);
    expect(await node.status()).toMatchObject({ length: 3, pending: ids.length });
    expect(await node.get('/chain')).toMatchObject({ length: 3 });
    await expectAll(node, ids);
    expect(lines(node.output, 'write-failed')).toHaveLength(1);
    expect(await node.get('/diagnosis')).toMatchObject({ storage: { trouble: 'write-failed' } });

    disk.empty();
    await expect.poll(async () => (await fetch(`${node.url}/mine`)).status, { timeout: 30_000 }).toBe(200);
    expect(await node.status()).toMatchObject({ length: 4, pending: 0 });
    expect(await node.get('/diagnosis')).toMatchObject({ storage: { trouble: null } });
    expect(await node.get('/mining')).toEqual(pace);
    expect(node.output).not.toMatch(STACK);

    await node.end('SIGKILL');
    const again = await node.again();
    for (const id of ids)
      expect(await again.get(`/transactions/${id}`)).toMatchObject({ status: 'in_block' });
  });

  it('does not take for damaged what it has no room to open again, and has all of it once there is', async () => {
    const disk = new SmallDisk(16);
    const node = await RunningNode.start(args(disk));
    const chain = join(disk.directory, 'data', 'chain');
    const logBytes = () => {
      const log = readdirSync(chain).find((name) => name.endsWith('.log')) as string;
      return statSync(join(chain, log)).size;
    };
    const ids: (string | Response)[] = [];
    while (logBytes() < 256 << 10) ids.push(await send(node, 'b'.repeat(200)));
    await node.end('SIGKILL');
    disk.fill(150_000);
    const ledger = ['--difficulty', '1', '--data-dir', join(disk.directory, 'data')];
    // Once more: what it could not write the first time is gone again.
    for (const command of [
      ['start', ...args(disk)],
      ['export', '-', ...ledger],
      ['start', ...args(disk)],
    ]) {
      const { code, output } = await run(command, scratch());
      expect(output).toMatch(
        /^gossipchain: cannot keep a chain in .*No space left on device.*: make room on its disk and start again/,
      );
      expect(output.trim().split('\n')).toHaveLength(1);
      expect(code).toBe(2);
    }
    disk.empty();
    await expectAll(await node.again(), ids);
  });

  it.each([
    [0, 'does not start'],
    [1, 'does not start'],
    [2, 'does not start'],
    [4, 'may start'],
    [8, 'may start'],
    [16, 'may start'],
    [32, 'may start'],
    [64, 'starts'],
  ])(
    'with room for %s pages %s, and says in one line why not and leaves nothing behind where it does not',
    async (pages, what) => {
      const disk = new SmallDisk(4);
      disk.fill(pages * 4096);
      const outcome = await RunningNode.start(args(disk)).catch(String);
      if (what !== 'may start') expect(typeof outcome === 'string').toBe(what === 'does not start');
      if (typeof outcome !== 'string') return;
      const output = outcome.replace(/^Error: a node does not start[^:]*: /, '');
      expect(output.trim().split('\n')).toHaveLength(1);
      expect(output).toMatch(
        /^gossipchain: (?!unexpected).*(No space left on device|ENOSPC|the disk is full)/,
      );
      expect(readdirSync(disk.directory)).toEqual(['ballast']);
    },
  );

  it('stops within two seconds when it is told to', async () => {
    const disk = new SmallDisk(32);
    const node = await RunningNode.start(args(disk));
    disk.fill(0);
    await sendUntilRefused(node);
    const begun = performance.now();
    expect(await node.end('SIGTERM')).toMatchObject({ code: 0 });
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(node.log).not.toContain('stop-unfinished');
  });
});

describeNodes('a data directory that may only be read', () => {
  it('is refused in one line that says what to do, and is left as it is', async () => {
    const disk = new SmallDisk(32);
    const node = await RunningNode.start(args(disk));
    await node.mine();
    await node.end('SIGTERM');
    disk.makeReadOnly();
    const { code, output } = await run(['start', ...args(disk)], scratch());
    expect(code).toBe(2);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).toMatch(/^gossipchain: cannot keep a chain in .*Read-only file system.*--data-dir/);
    const exported = await run(['export', '--data-dir', join(disk.directory, 'data')], scratch());
    expect(exported.output).toMatch(
      /^gossipchain: .*data may not be written to \(the disk is read-only\).*: copy it to where you may write/,
    );
    expect(exported.code).toBe(2);
  });

  it('is refused the same way where there is none yet', async () => {
    const disk = new SmallDisk(4);
    mkdirSync(join(disk.directory, 'data'));
    disk.makeReadOnly();
    const { code, output } = await run(['start', ...args(disk)], scratch());
    expect(code).toBe(2);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).toMatch(/^gossipchain: cannot keep a chain in .*--data-dir/);
  });
});

describeNodes('room on a disk', () => {
  it('is found by trying, of which nothing stays', async () => {
    const disk = new SmallDisk(4);
    expect(await hasRoom(disk.directory, 3 << 20)).toBe(true);
    expect(await hasRoom(disk.directory, 5 << 20)).toBe(false);
    expect(await hasRoom(disk.directory, 3 << 20)).toBe(true);
    expect(await hasRoom(join(disk.directory, 'nowhere'), 1)).toBe(false);
    expect(readdirSync(disk.directory)).toEqual([]);
    disk.makeReadOnly();
    expect(await hasRoom(disk.directory, 1)).toBe(false);
  });
});

describeNodes('a node whose peers/ is damaged, and cannot be put aside', () => {
  it('says in one line what to do, and leaves it as it is', async () => {
    const home = scratch();
    const data = join(home, 'data');
    const start = [...PRIVATE, '--data-dir', data];
    await (await RunningNode.start(start, home)).end('SIGTERM');
    const peers = join(data, 'peers');
    writeFileSync(join(peers, 'CURRENT'), 'damaged');
    // What is mounted cannot be moved.
    expect(spawnSync('mount', ['--bind', peers, peers]).status).toBe(0);
    onTestFinished(() => void spawnSync('umount', [peers]));
    const { code, output } = await run(['start', ...start], home);
    expect(code).not.toBe(0);
    expect(output).toMatch(
      /^gossipchain: cannot put .*peers, which is damaged, aside \(.*\): move it away yourself, and start again\n$/,
    );
    expect(readFileSync(join(peers, 'CURRENT'), 'utf8')).toBe('damaged');
  });
});
