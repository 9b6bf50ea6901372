/** What goes wrong at a start costs one clear line and leaves nothing behind. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeNodes, RunningNode, run, scratch } from './running-node.js';

const QUIET = ['--no-mdns', '--listen', '/ip4/127.0.0.1/tcp/0'];

/** One line to a person, exit code 2, no stack trace. */
async function expectMistake(args: string[], home: string, message: RegExp): Promise<void> {
  const { code, output } = await run(args, home);
  expect(output.trim().split('\n')).toHaveLength(1);
  expect(output).toMatch(message);
  expect(output).not.toMatch(/\n\s+at /);
  expect(code).toBe(2);
}

function everythingIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true }).map(String).sort();
}

describeNodes('a start that cannot be', () => {
  it('because its port is taken says so and leaves nothing behind', async () => {
    const node = await RunningNode.start([...QUIET, '--ephemeral', '--port', '0']);
    const port = new URL(node.url).port;
    const home = scratch();
    await expectMistake(['start', ...QUIET, '--port', port], home, new RegExp(port));
    expect(everythingIn(home)).toEqual([]);
  });

  it('because its TCP port is taken says so and leaves nothing behind', async () => {
    const node = await RunningNode.start([...QUIET, '--ephemeral', '--port', '0']);
    const address = (await node.status()).addresses[0]?.replace(/\/p2p\/.*/, '') as string;
    const data = join(scratch(), 'data');
    await expectMistake(
      ['start', '--no-mdns', '--listen', address, '--port', '0', '--data-dir', data],
      scratch(),
      /taken|in use/,
    );
    expect(existsSync(data)).toBe(false);
  });

  it('because its genesis is broken says so and leaves nothing behind', async () => {
    const home = scratch();
    const genesis = join(scratch(), 'genesis.json');
    await writeFile(
      genesis,
      '{"index": 1, "timestamp": -1, "transactions": [], "proof": 100, "previous_hash": "1"}',
    );
    await expectMistake(['start', ...QUIET, '--port', '0', '--genesis', genesis], home, /timestamp/);
    await writeFile(genesis, '{"index": 1,');
    await expectMistake(['start', ...QUIET, '--port', '0', '--genesis', genesis], home, /genesis/);
    await expectMistake(
      ['start', ...QUIET, '--port', '0', '--genesis', join(home, 'no')],
      home,
      /genesis|no/,
    );
    expect(everythingIn(home)).toEqual([]);
  });

  it('because its data directory belongs to another network says so and changes nothing', async () => {
    const data = join(scratch(), 'data');
    const owner = await RunningNode.start([...QUIET, '--port', '0', '--data-dir', data]);
    await owner.end('SIGTERM');
    const before = everythingIn(data).filter((name) => !/chain|peers/.test(name));
    const other = ['start', ...QUIET, '--port', '0', '--data-dir', data, '--network', 'other'];
    await expectMistake(other, scratch(), /not of "other".*--data-dir/);
    expect(everythingIn(data).filter((name) => !/chain|peers/.test(name))).toEqual(before);
    await RunningNode.start([...QUIET, '--port', '0', '--data-dir', data]);
  });

  it('because its data directory is in use says so, and the node that uses it goes on', async () => {
    const data = join(scratch(), 'data');
    const owner = await RunningNode.start([...QUIET, '--port', '0', '--data-dir', data]);
    await expectMistake(['start', ...QUIET, '--port', '0', '--data-dir', data], scratch(), /in use/);
    expect((await owner.status()).length).toBe(1);
  });

  it('because its data directory cannot be made says so', async () => {
    const file = join(scratch(), 'file');
    await writeFile(file, '');
    await expectMistake(
      ['start', ...QUIET, '--port', '0', '--data-dir', join(file, 'data')],
      scratch(),
      /director/,
    );
  });
});

describeNodes('a node that is told to end', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s ends with exit code 0', async (signal) => {
    const data = join(scratch(), 'data');
    await mkdir(data);
    const node = await RunningNode.start([...QUIET, '--port', '0', '--data-dir', data]);
    expect(await node.end(signal)).toMatchObject({ code: 0, signal: null });
    await RunningNode.start([...QUIET, '--port', '0', '--data-dir', data]);
  });
});
