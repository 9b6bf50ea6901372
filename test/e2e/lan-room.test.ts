/** The board for a room, and `watch`, on a LAN of namespaces. */
import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Host } from '../lan/host.js';
import { Lan } from '../lan/lan.js';
import { startAll, untilMet, untilOneHead } from '../lan/room.js';
import { until } from '../lan/until.js';
import { describeNodes, MAIN } from './running-node.js';

const TOKEN = 'a-token-of-thirty-two-characters';
/** So that others reach its control API. */
const OPEN = ['--host', '0.0.0.0', '--token', TOKEN];
const BOARD = resolve('examples/lan-room.js');
/** To measure a room of ten: LAN_ROOM=10x100. Each host finds as many of the blocks. */
const [HOSTS = 4, BLOCKS = 8] = (process.env.LAN_ROOM ?? '4x8').split('x').map(Number);

function launch(host: Host, ...command: string[]): { child: ChildProcess; output: () => string } {
  const child = host.spawn([process.execPath, ...command]);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += chunk));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, output: () => text };
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  return await new Promise((done) => child.once('close', done));
}

describeNodes('the board for a room', () => {
  it('shows who found each block of a room, and how long it took to be everywhere', async () => {
    const lan = await Lan.make(HOSTS);
    const nodes = await startAll(lan, '--difficulty', '3', ...OPEN);
    // Their control APIs ask for a token, which the helpers have not; the logs tell it, too.
    // Not by their names: who has not told it within two seconds has joined all the same.
    const joined = () =>
      nodes.map(({ output }) => new Set(output.match(/(?<=peer-joined .*peer=)\S+/g)).size);
    await until('all have met', async () => joined().every((count) => count === HOSTS - 1) || `${joined()}`);
    const urls = lan.hosts.map(({ address }) => `http://${address}:5000`);
    const board = launch(lan.hosts[0]!, BOARD, '--mine', `${BLOCKS}`, '--token', TOKEN, ...urls);
    expect(await ended(board.child), board.output()).toBe(0);
    const output = board.output();
    console.log(output.slice(output.indexOf('┌')));
    for (let index = 2; index < BLOCKS + 2; index++)
      expect(output).toMatch(
        new RegExp(`^block ${index}, found by host\\d+: at all ${HOSTS} after \\d+ ms$`, 'm'),
      );
    const [each, others] = [BLOCKS / HOSTS, BLOCKS - BLOCKS / HOSTS];
    for (const { name } of lan.hosts)
      expect(output).toMatch(new RegExp(`│ ${name} +│ +${others} │ +\\d+ │ +\\d+ │ +\\d+ │`));
    expect(output).toMatch(new RegExp(`│ the last of all +│ +${BLOCKS} │ +\\d+ │ +\\d+ │ +\\d+ │`));
    for (const { name } of lan.hosts) expect(output).toMatch(new RegExp(`│ ${name} +│ +${each} │`));
    expect(output).toContain('0 forks seen, 0 replaced chains.');
  });

  it('watches the own node of whoever names none, until Ctrl-C, and says so where there is none', async () => {
    const lan = await Lan.make(1);
    const host = lan.hosts[0]!;
    const nobody = launch(host, BOARD);
    expect(await ended(nobody.child)).toBe(1);
    expect(nobody.output()).toMatch(
      /^http:\/\/127\.0\.0\.1:5000 does not answer: .*; name the address that your node printed\n$/,
    );
    const node = await host.start('--difficulty', '3');
    const board = launch(host, BOARD);
    await until('the board watches', async () => board.output().includes('host1: 0 peers'));
    await node.mine();
    await until('the block is shown', async () => board.output().includes('block 2, found by host1: here'));
    board.child.kill('SIGINT');
    expect(await ended(board.child)).toBe(0);
    expect(board.output()).toContain('Who found them:');
  });
});

describeNodes('watch', () => {
  it('tells who joins, each block and how long after it was found, a tie, and how the tie ended', async () => {
    const lan = await Lan.make(3);
    const [a, b, c] = lan.hosts as [Host, Host, Host];
    const [one, other, third] = await startAll(lan, '--difficulty', '2');
    await untilMet([one!, other!, third!]);
    const watch = launch(a, MAIN, 'watch', '--port', '5000');
    const untilShown = (line: RegExp) =>
      until(`watch shows ${line}`, async () => line.test(watch.output()) || watch.output(), 60_000);
    // Nothing tells that a stream is open: what comes first does.
    await until('watch shows something', async () => {
      await one!.send('bob');
      return watch.output().includes('sent here');
    });
    // The first may be fetched, where heads are exchanged while gossip is still being set up; one must come by it.
    let shared = 1;
    do {
      await other!.mine();
      shared++;
      await untilShown(new RegExp(`block +block ${shared} .* (fetched )?from host\\d`));
    } while (
      !/block +block \d+ .* from host\d, \d+ ms after (it was found|host2 found it)/.test(watch.output())
    );
    await untilOneHead([one!, other!, third!], shared);
    // A block on either side of a cut; whoever heals it has two chains of one length.
    await lan.split([a], [b, c]);
    await untilShown(/peer +host2 \(…\w+\) left/);
    await Promise.all([one!.mine(), other!.mine()]);
    await lan.heal();
    await untilShown(/peer +host2 \(…\w+\) joined/);
    await untilMet([one!, other!, third!]);
    await third!.mine();
    const replaced = `a longer chain replaced ours after block ${shared}: 1 block of ours out, 2 in`;
    await untilShown(new RegExp(`reorg +${replaced}; now block ${shared + 2} `));
  });
});
