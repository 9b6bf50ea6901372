import { userInfo } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createNetwork } from '../../src/chain/index.js';
import { chainOf, chainText } from '../helpers/chains.js';
import { withoutHome } from '../helpers/homeless.js';
import { gossipchain, scratch } from './support.js';

describe.skipIf(process.platform !== 'linux')('what is kept', () => {
  /** The data directory of a network that nobody has. */
  async function dataDirectory(home: string, variables: Record<string, string>): Promise<string | undefined> {
    const { stderr } = await gossipchain(['export', '--network', 'of-nobody'], { home, variables });
    return /there is no chain in (\S+)-5000:/.exec(stderr)?.[1];
  }

  it('is where the XDG variables say, but never at a path that depends on the current directory', async () => {
    const home = scratch();
    const at = expect.stringMatching(new RegExp(`^${home}/\\.local/share/gossipchain/[0-9a-f]{16}$`));
    for (const data of ['', 'here', './here'])
      expect(await dataDirectory(home, { XDG_DATA_HOME: data }), data).toEqual(at);
    expect(await dataDirectory(home, { XDG_DATA_HOME: '/d' })).toMatch(/^\/d\/gossipchain\/[0-9a-f]{16}$/);
  });

  it.each(['', 'here'])('is in the home directory that the system knows, where HOME is %j', async (HOME) => {
    const known = await dataDirectory('', { HOME, XDG_DATA_HOME: '' });
    expect(known).toMatch(new RegExp(`^${userInfo().homedir}/\\.local/share/gossipchain/`));
  });
});

describe('without a home directory', () => {
  beforeEach(withoutHome);

  const GENESIS =
    '{"chain": [{"index": 1, "previous_hash": "1", "proof": 100, "timestamp": 1506057125.900785, "transactions": []}]}';

  it('what needs none goes on', async () => {
    for (const args of [['--version'], ['--help'], ['verify', '-']])
      expect(await gossipchain(args, { input: GENESIS }), args[0]).toMatchObject({ code: 0, stderr: '' });
    const directory = join(scratch(), 'data');
    const file = ['import', '-', '--difficulty', '1', '--data-dir', directory];
    expect(
      await gossipchain(file, { input: chainText(chainOf(createNetwork({ difficulty: 1 }), 2)) }),
    ).toMatchObject({ code: 0 });
    expect(await gossipchain(['export', '--data-dir', directory])).toMatchObject({ code: 0 });
    for (const named of [
      ['--port', '1'],
      ['--url', 'http://127.0.0.1:1/'],
    ])
      expect((await gossipchain(['status', ...named])).stderr).toContain(
        'no node answers at http://127.0.0.1:1/',
      );
  });

  it.each([
    [
      ['start', '--port', '0'],
      'this user has no home directory: set HOME, or name a directory by --data-dir',
    ],
    [['export'], 'this user has no home directory: set HOME, or name a directory by --data-dir'],
    [['mine'], 'set HOME, or name a node by --port or --url'],
  ])('%j says in one line what to do', async (args, message) => {
    const { code, stdout, stderr } = await gossipchain(args);
    expect(stderr).toMatch(/^gossipchain: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});
