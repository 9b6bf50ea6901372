/** The commands that speak to a running node, as a person and as a program read them. */
import { expect, it, onTestFinished } from 'vitest';
import { launch } from '../helpers/node-process.js';
import { describeNodes, RunningNode, run, scratch } from './running-node.js';

const NODE = [
  '--no-mdns',
  '--port',
  '0',
  '--listen',
  '/ip4/127.0.0.1/tcp/0',
  '--difficulty',
  '1',
  '--ephemeral',
];

/** What a command prints: of a node, chosen by its URL. */
async function printed(node: RunningNode, command: string, ...args: string[]): Promise<string> {
  const { code, output } = await run([command, ...args, '--url', node.url], node.home);
  expect(output).not.toContain('gossipchain:');
  expect(code).toBe(0);
  return output;
}

describeNodes('the commands', () => {
  it('mine COUNT forges so many blocks, one after the other, and tells each', async () => {
    const node = await RunningNode.start(NODE);
    const lines = (await printed(node, 'mine', '3')).trimEnd().split('\n');
    expect(lines.map((line) => /^Block (\d+) forged: proof \d+, 1 transaction, /.exec(line)?.[1])).toEqual([
      '2',
      '3',
      '4',
    ]);
    expect(await node.status()).toMatchObject({ length: 4 });
    const refused = await run(['mine', '0', '--url', node.url], node.home);
    expect(refused.code).toBe(2);
    expect(await node.status()).toMatchObject({ length: 4 });
  });

  it('chain --from beyond the end says in one line how long the chain is; as JSON it is a chain without blocks', async () => {
    const node = await RunningNode.start([...NODE, '--manual']);
    await printed(node, 'mine', '2');
    expect(await printed(node, 'chain', '--from', '4')).toBe(
      'The chain has 3 blocks: there is none from 4 on.\n',
    );
    expect(await printed(node, 'chain', '--from', '3')).toMatch(/^ *index .*\n *3 .*\n$/);
    expect(JSON.parse(await printed(node, 'chain', '--from', '4', '--json'))).toEqual({
      chain: [],
      length: 3,
    });
  });

  it('resolve takes the longest chain of the peers, and says whose chain it is now', async () => {
    const [short, long] = await Promise.all([
      RunningNode.start([...NODE, '--manual']),
      RunningNode.start([...NODE, '--manual']),
    ]);
    await printed(short, 'mine');
    await printed(long, 'mine', '2');
    expect(await printed(short, 'resolve')).toMatch(
      /^Our chain is authoritative: 2 blocks, head \w{64} \(compared with nobody: no peer is connected\)\n$/,
    );
    await printed(short, 'connect', long.url);
    const { head } = await long.status();
    expect(await printed(short, 'resolve')).toBe(`Our chain was replaced: 3 blocks, head ${head}\n`);
    expect(await printed(long, 'resolve')).toBe(`Our chain is authoritative: 3 blocks, head ${head}\n`);
    expect((await short.status()).head).toBe(head);
  });

  it('print with --json what the node answers, one answer a line', async () => {
    const node = await RunningNode.start([...NODE, '--manual']);
    const json = async (command: string, ...args: string[]) => {
      const lines = (await printed(node, command, ...args, '--json')).trimEnd().split('\n');
      return lines.map((line) => JSON.parse(line));
    };
    const [sent] = await json('send', '--from', 'alice', '--to', 'bob', '--amount', '5');
    expect(sent).toEqual({
      message: 'Transaction will be added to Block 2',
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const mined = await json('mine', '2');
    expect(mined).toMatchObject([
      {
        message: 'New Block Forged',
        index: 2,
        transactions: [{ sender: 'alice', amount: 5 }, { amount: 1 }],
      },
      { message: 'New Block Forged', index: 3 },
    ]);
    expect(await json('status')).toEqual([await node.status()]);
    expect(await json('status')).toMatchObject([{ length: 3, pending: 0, difficulty: 1 }]);
    const chain = JSON.parse(await printed(node, 'chain', '--json'));
    const resolved = JSON.parse(await printed(node, 'resolve', '--json'));
    expect(resolved).toEqual({ message: 'Our chain is authoritative', chain: chain.chain });
  });

  it('watch --json prints one event a line, with its id, and ends with Ctrl-C', async () => {
    const node = await RunningNode.start(NODE);
    const watch = launch(['watch', '--json', '--url', node.url], scratch());
    onTestFinished(() => void watch.child.kill('SIGKILL'));
    const events = () =>
      watch
        .output()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line));
    // Whoever watches sees what happens from then on: when that is, its first event tells.
    await expect
      .poll(
        async () => {
          await node.mine();
          return events().map(({ event }) => event);
        },
        { timeout: 20_000 },
      )
      .toContain('block');
    const block = events().find(({ event }) => event === 'block');
    expect(block).toMatchObject({
      id: expect.stringMatching(/^\d+-\d+$/),
      data: { index: expect.any(Number) },
    });
    expect(events().map(({ event }) => event)).toContain('mining');
    watch.child.kill('SIGINT');
    expect(await watch.finished).toMatchObject({ code: 0 });
  });
});
