/** Whole nodes that join by a code alone. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeNodes, RunningNode, run, scratch, untilAgreed, untilStatus } from './running-node.js';

const ALONE = ['--no-mdns', '--port', '0'];
const GENESIS = { index: 1, timestamp: 1_700_000_000.25, transactions: [], proof: 7, previous_hash: '1' };

/** A node of a network of its own: another name, difficulty and first block. */
async function teacher(): Promise<RunningNode> {
  const home = scratch();
  const genesis = join(home, 'genesis.json');
  writeFileSync(genesis, JSON.stringify(GENESIS));
  return RunningNode.start(
    [...ALONE, '--network', 'Room 7 é', '--difficulty', '2', '--genesis', genesis],
    home,
  );
}

async function codeOf(node: RunningNode): Promise<string> {
  const { port } = new URL(node.url);
  const { output, code } = await run(['invite', '--port', port], node.home);
  expect(code, output).toBe(0);
  expect(output).toMatch(/^gc1[02-9ac-hj-np-z]+\n$/);
  return output.trim();
}

describeNodes('an invitation', () => {
  it('is all that a node needs to join a network of another name, difficulty and genesis', async () => {
    const one = await teacher();
    await one.mine();
    const other = await RunningNode.start([...ALONE, '--join', (await codeOf(one)).toUpperCase()]);
    expect(other.output).toContain('Room 7 é');
    expect(other.output).toContain('difficulty 2');
    await untilAgreed([one, other], 2);
    await other.mine();
    await untilAgreed([one, other], 3);
    const { block } = await other.get<{ block: object }>('/blocks/1');
    expect(block).toEqual(GENESIS);
  });

  it('brings a third node to all whom the first has met', async () => {
    const one = await teacher();
    const code = await codeOf(one);
    const nodes = [one];
    for (let i = 0; i < 2; i++) nodes.push(await RunningNode.start([...ALONE, '--join', code]));
    for (const node of nodes) await untilStatus(node, ({ peers }) => peers === 2);
  });

  it('joins a node that runs, over its control API, by the command connect', async () => {
    const one = await RunningNode.start([...ALONE, '--difficulty', '1']);
    const other = await RunningNode.start([...ALONE, '--difficulty', '1']);
    const { port } = new URL(other.url);
    const { code, output } = await run(['connect', await codeOf(one), '--port', port], other.home);
    expect(code, output).toBe(0);
    await untilStatus(other, ({ peers }) => peers === 1);
  });

  it('that is stale, damaged, for another network or beside other settings is refused in one line', async () => {
    const one = await teacher();
    const code = await codeOf(one);
    const home = scratch();
    const refused = async (...args: string[]) => {
      const { code, output } = await run(['start', ...ALONE, ...args], home);
      expect(code).toBe(2);
      const said = output.trimEnd().split('\n');
      const lines = said.filter((line) => !line.startsWith('[')); // the log's
      expect(lines).toEqual([expect.stringMatching(/^gossipchain: /)]);
      return lines[0];
    };
    expect(await refused('--join', code.slice(0, 20))).toContain('is damaged');
    expect(await refused('--join', 'hello')).toContain('is no invitation');
    expect(await refused('--join', code, '--difficulty', '3')).toContain('cannot be used with');
    const other = await RunningNode.start([...ALONE, '--network', 'other']);
    const { port } = new URL(other.url);
    const { output } = await run(['connect', code, '--port', port], other.home);
    expect(output).toMatch(/^gossipchain: the invitation is for another network, "Room 7 é" [^\n]+\n$/);
    await one.end('SIGTERM');
    const directory = join(home, 'data');
    expect(await refused('--join', code, '--data-dir', directory)).toMatch(
      /is stale, .*nobody listens there/,
    );
    expect(existsSync(directory)).toBe(false);
  });

  it('is not needed any more by a node that has joined before', async () => {
    const one = await teacher();
    const join = ['--join', await codeOf(one)];
    const kept = ['--data-dir', scratch()];
    const first = await RunningNode.start([...ALONE, ...join, ...kept]);
    await untilAgreed([one, first], 1);
    const third = await RunningNode.start([...ALONE, ...join]);
    await untilStatus(third, ({ peers }) => peers === 2);
    await one.end('SIGTERM');
    await first.end('SIGTERM');
    const again = await first.again();
    await untilStatus(again, ({ peers }) => peers === 1);
    await untilAgreed([again, third], 1);
  });

  it('is not needed either to start again what it has made: its data directory knows the network', async () => {
    const one = await teacher();
    const kept = ['--data-dir', join(scratch(), 'data')];
    const joined = await RunningNode.start([...ALONE, ...kept, '--join', await codeOf(one)]);
    const idOf = async (node: RunningNode) => (await node.get<{ network_id: string }>('/status')).network_id;
    const id = await idOf(joined);
    await untilAgreed([one, joined], 1);
    await joined.end('SIGTERM');
    const again = await RunningNode.start([...ALONE, ...kept], joined.home);
    expect(again.output).toContain('Room 7 é');
    expect(await idOf(again)).toBe(id);
    await untilStatus(again, ({ peers }) => peers === 1);
    await again.end('SIGTERM');
    const { code, output } = await run(['start', ...ALONE, ...kept, '--difficulty', '2'], joined.home);
    expect(output).toMatch(/holds the chain of the network "Room 7 .*, not of "gossipchain"/);
    expect(code).toBe(2);
  });

  it('is shown as a QR code too, where it is asked for or a person looks', async () => {
    const one = await teacher();
    const { port } = new URL(one.url);
    const { output } = await run(['invite', '--qr', '--port', port], one.home);
    const lines = output.trimEnd().split('\n');
    expect(lines.at(-1)).toBe(await codeOf(one));
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines.slice(0, -2)) expect(line).toMatch(/^[█▀▄ ]+$/);
  });
});
