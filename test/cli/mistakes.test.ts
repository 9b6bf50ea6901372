import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../../src/version.js';
import { gossipchain } from './support.js';

const COMMANDS = [
  ...[
    'start',
    'mine',
    'send',
    'chain',
    'status',
    'peers',
    'pending',
    'invite',
    'connect',
    'resolve',
    'watch',
    'doctor',
  ],
  ...['verify', 'export', 'import', 'bench'],
];

describe('help', () => {
  it('names every command', async () => {
    const { code, stdout } = await gossipchain(['--help']);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    expect(code).toBe(0);
  });

  it.each(COMMANDS)('of %s has examples', async (command) => {
    const { code, stdout, stderr } = await gossipchain([command, '--help']);
    expect(stdout).toMatch(/Examples:\n {2}\$ gossipchain /);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('is shown where no command is given, and by the command help', async () => {
    expect((await gossipchain([])).stdout).toContain('With a running node:');
    expect((await gossipchain(['help', 'mine'])).stdout).toContain('Usage: gossipchain mine');
  });

  it('the version is told by --version', async () => {
    expect(await gossipchain(['--version'])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
  });
});

describe('a mistake', () => {
  it.each([
    [['strat'], "unknown command 'strat' (Did you mean start?)"],
    [['help', 'strat'], "unknown command 'strat': see gossipchain --help"],
    [['--log-level', 'info'], 'name a command: see gossipchain --help'],
    [['mine', '--prot', '5000'], "unknown option '--prot' (Did you mean --port?)"],
    [['mine', '0'], 'whole number of 1 or more'],
    [['mine', '1', '2'], 'too many arguments'],
    [['status', '--port', '70000'], 'from 1 to 65535'],
    [['status', '--url', 'localhost:5000'], 'It must be like http://127.0.0.1:5000/'],
    [
      ['status', '--port', '5000', '--url', 'http://127.0.0.1:5001/'],
      "option '--url <url>' cannot be used with option '-p, --port <port>'",
    ],
    [
      ['status', '--token', 'a', '--token-file', 'b'],
      "option '--token <token>' cannot be used with option '--token-file <file>'",
    ],
    [['start', '--token', 'a', '--token-file', 'b'], 'cannot be used with'],
    [['send', '--to', 'bob'], "required option '--amount <number>' not specified"],
    [['send', '--to', 'bob', '--amount', 'five', '--port', '1'], '--amount must be a number'],
    [['send', '--to', 'bob', '--amount', '.5', '--port', '1'], 'such as 5 or 0.5'],
    [['verify'], "missing required argument 'file'"],
    [['verify', 'x', '--head', 'abc'], '64 hex digits'],
    [['start', '--difficulty', '17'], 'from 0 to 16'],
    [['start', '--mine', '0'], 'number of seconds'],
    [['start', '--log-level', 'loud'], 'Allowed choices'],
    [['start', '--ephemeral', '--data-dir', 'x'], 'cannot be used with'],
    [['start', '--manual', '--mine'], "'--manual' cannot be used with option '--mine [seconds]'"],
    [['start', '--mine', '5', '--manual'], "'--manual' cannot be used with option '--mine [seconds]'"],
    ...['', ' ', ' a', 'a\nb', 'a\u001b[2J', 'a\u202eb', 'x'.repeat(65)].map((name): [string[], string] => [
      ['start', '--name', name],
      'It must have 1 to 64 characters, no line breaks',
    ]),
    [['start', '--data-dir', ''], "'--data-dir <dir>' argument '' is invalid. It must not be empty"],
    [['start', '--host', ''], 'It must not be empty'],
    [
      ['start', '--host', 'fe80::1%lo'],
      'fe80::1%lo is a link-local address, which no URL can name: give another',
    ],
    [
      ['start', '--host', '[fe80::1]'],
      '[fe80::1] is a link-local address, which no URL can name: give another',
    ],
    [['start', '--allow-host', ''], 'It must be a name or an address as a URL has it'],
    [['start', '--allow-host', 'http://foo:80/'], 'It must be a name or an address as a URL has it'],
    [['export', '--data-dir', ''], 'It must not be empty'],
    [['status', '--token-file', ''], 'It must not be empty'],
    [['start', '--network', ''], "network's name must have 1 to 64"],
    [['start', '--join', 'hello'], '"hello" is no invitation: a code begins with gc1'],
    [['start', '--join', 'gc1qqqq'], 'copy it again, whole'],
    [['start', '--join', 'gc1qqqq', '--network', 'x'], 'cannot be used with'],
    [['start', '--genesis', 'none.json'], 'cannot read none.json: there is no such file'],
    [['start', '--token', 'two words'], 'the token from --token must be'],
    [['start', '--token-file', 'none'], 'cannot read the token file none'],
    [['bench', '--difficulty', '7'], 'from 1 to 6'],
  ])('%j gets one clear line and exit code 2', async (args, message) => {
    const { code, stdout, stderr } = await gossipchain(args);
    expect(stderr).toMatch(/^gossipchain: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it.each(['status', 'doctor'])(
    'of asking (%s) where no node runs says how to start one',
    async (command) => {
      const { code, stderr } = await gossipchain([command, '--port', '1']);
      expect(stderr).toBe(
        'gossipchain: no node answers at http://127.0.0.1:1/: start one with "gossipchain start"\n',
      );
      expect(code).toBe(2);
    },
  );

  it.each(['status', 'doctor'])('of asking (%s) something that is no node says so', async (command) => {
    const server = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { code, stderr } = await gossipchain([command, '--port', String(port)]);
    server.close();
    expect(stderr).toMatch(
      /^gossipchain: [^\n]+ is not a gossipchain node: [^\n]+; name one by --port or --url\n$/,
    );
    expect(code).toBe(2);
  });
});
