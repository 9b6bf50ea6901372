import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNetwork, networkId } from '../../src/chain/index.js';
import { ledgerPlace } from '../../src/cli/ledger-options.js';
import { openLedger } from '../../src/node/offline.js';
import { chainOf, chainText, extend, nextBlock, payment } from '../helpers/chains.js';
import { begun, gossipchain, scratch } from './support.js';

const spec = createNetwork({ difficulty: 1 });
const chain = chainOf(spec, 30);
const head = chain.at(-1)!.hash;
const VECTOR = join(import.meta.dirname, '../vectors/tutorial-chain.json');

/** The options of a data directory at difficulty 1. */
function options(directory: string): string[] {
  return ['--data-dir', directory, '--difficulty', '1'];
}

describe('import', () => {
  it('adopts a chain into a new directory and says how many blocks came', async () => {
    const directory = join(scratch(), 'a', 'b');
    const { code, stdout } = await gossipchain(['import', '-', ...options(directory)], {
      input: chainText(chain),
    });
    expect(stdout).toBe(`29 blocks adopted: the chain has 30 blocks, head ${head}\n`);
    expect(code).toBe(0);
  });

  it('keeps the chain that is there where the file has no longer one', async () => {
    const directory = scratch();
    const rival = extend(chain.slice(0, 10), 20, { miner: 'rival' });
    await gossipchain(['import', '-', ...options(directory)], { input: chainText(chain) });
    const { code, stdout } = await gossipchain(['import', '-', ...options(directory)], {
      input: chainText(rival),
    });
    expect(stdout).toMatch(/^0 blocks adopted \(it is not longer/);
    expect(stdout).toContain(head);
    expect(code).toBe(0);
  });

  it('replaces the chain that is there by a longer one, whatever its fork', async () => {
    const directory = scratch();
    const longer = extend(chain.slice(0, 10), 21, { miner: 'rival' });
    await gossipchain(['import', '-', ...options(directory)], { input: chainText(chain) });
    const { stdout } = await gossipchain(['import', '-', ...options(directory)], {
      input: chainText(longer),
    });
    expect(stdout).toBe(`21 blocks adopted: the chain has 31 blocks, head ${longer.at(-1)!.hash}\n`);
  });

  it('names the first invalid block, exits with 1, and keeps what was valid and longer before it', async () => {
    const directory = scratch();
    const broken = [...chain.slice(0, 20), nextBlock(chain[10]!, { miner: 'x' }), ...chain.slice(20)];
    const { code, stdout } = await gossipchain(['import', '-', ...options(directory)], {
      input: chainText(broken),
    });
    expect(stdout.split('\n')).toEqual([
      'invalid at block 21: its index is 12, not 21',
      `19 blocks before it stay adopted: the chain has 20 blocks, head ${chain[19]!.hash}`,
      '',
    ]);
    expect(code).toBe(1);
  });

  it('says what it has adopted of a file that breaks off', async () => {
    const directory = scratch();
    const input = chainText(chain).slice(0, -400);
    const { code, stderr } = await gossipchain(['import', '-', ...options(directory)], { input });
    expect(stderr).toMatch(/cannot read what is piped in: .*; \d\d blocks before it stay adopted/);
    expect(code).toBe(2);
  });

  it('leaves nothing behind where the chain begins with another first block, and says what to do', async () => {
    const directory = join(scratch(), 'new');
    const { code, stderr } = await gossipchain(['import', VECTOR, '--data-dir', directory]);
    expect(stderr).toMatch(/^gossipchain: .*--genesis FILE.*\n$/);
    expect(code).toBe(2);
    expect(existsSync(directory)).toBe(false);
  });

  it.each([
    ['of another difficulty', chainText(chain), [], 1],
    ['that breaks at its second block', chainText([chain[0]!, chain[2]!]), ['--difficulty', '1'], 1],
    ['that breaks off in its second block', chainText(chain).slice(0, 250), ['--difficulty', '1'], 2],
    ['with no more than the first block', chainText(chain.slice(0, 1)), [], 0],
    ['that is none', 'no', [], 2],
    ['that is empty', '', [], 2],
  ])('leaves nothing behind of a chain %s, of which nothing was adopted', async (_, input, flags, exit) => {
    const root = scratch();
    const directory = join(root, 'a', 'b');
    const { code, stdout, stderr } = await gossipchain(['import', '-', '--data-dir', directory, ...flags], {
      input,
    });
    expect(stdout + stderr).toMatch(/nothing was adopted\n|^0 blocks adopted \(the file has no more/);
    expect(code).toBe(exit);
    expect(readdirSync(root)).toEqual([]);
    expect(
      await gossipchain(['import', '-', ...options(directory)], { input: chainText(chain) }),
    ).toMatchObject({ code: 0 });
  });

  it('leaves a directory that was there as it was where nothing was adopted', async () => {
    const directory = scratch();
    writeFileSync(join(directory, 'key'), 'theirs');
    await gossipchain(['import', '-', '--data-dir', directory], { input: chainText(chain) });
    expect(readdirSync(directory)).toEqual(['key']);
    await gossipchain(['import', '-', ...options(directory)], { input: chainText(chain) });
    const { stdout } = await gossipchain(['import', '-', ...options(directory)], {
      input: chainText([...chain.slice(0, 3), chain[10]!]),
    });
    expect(stdout).toBe(
      `invalid at block 4: its index is 11, not 4\nnothing was adopted: the chain has 30 blocks, head ${head}\n`,
    );
    expect((await gossipchain(['export', ...options(directory)])).stdout).toBe(`${chainText(chain)}\n`);
  });

  it.skipIf(process.platform === 'win32')(
    'leaves nothing behind where it is stopped before it has adopted anything',
    async () => {
      const directory = join(scratch(), 'new');
      const { child, ended } = begun(['import', '-', ...options(directory)], 'pipe');
      // What a pipe holds, and the blocks in it, have been taken out of it when as much again fits in.
      const blocks = chainText(chain).slice(0, -200);
      await new Promise((done) => child.stdin?.write(`${blocks}${' '.repeat(1 << 20)}`, done));
      child.kill('SIGINT');
      expect(await ended).toBe('SIGINT');
      expect(existsSync(directory)).toBe(false);
    },
  );

  it.skipIf(process.platform === 'win32')(
    'has the first blocks in a directory that it makes, also where it is stopped meanwhile',
    async () => {
      const directory = join(scratch(), 'new');
      const { child, ended } = begun(['import', '-', ...options(directory)], 'pipe');
      child.stdin?.end(chainText(chain));
      await expect
        .poll(() => existsSync(directory) || child.exitCode !== null, { interval: 1, timeout: 20_000 })
        .toBe(true);
      child.kill('SIGINT');
      await ended;
      expect((await gossipchain(['export', ...options(directory)])).stdout).toBe(`${chainText(chain)}\n`);
    },
  );

  it('counts one block as one', async () => {
    const directory = scratch();
    const input = chainText(chain.slice(0, 2));
    expect((await gossipchain(['import', '-', ...options(directory)], { input })).stdout).toBe(
      `1 block adopted: the chain has 2 blocks, head ${chain[1]!.hash}\n`,
    );
    const broken = chainText([chain[0]!, chain[1]!, chain[5]!]);
    const other = join(scratch(), 'new');
    expect((await gossipchain(['import', '-', ...options(other)], { input: broken })).stdout).toContain(
      '1 block before it stays adopted: the chain has 2 blocks',
    );
  });

  it('carries a Python chain on where its first block is that of the network', async () => {
    const directory = scratch();
    const args = ['--genesis', VECTOR, '--data-dir', directory];
    expect((await gossipchain(['import', VECTOR, ...args])).stdout).toMatch(/^3 blocks adopted/);
    expect((await gossipchain(['export', ...args])).stdout).toContain('"previous_hash": 1,');
  });

  it('refuses a directory that a node is using, or that is of another network', async () => {
    const directory = scratch();
    const file = join(directory, 'chain.json');
    writeFileSync(file, chainText(chain));
    const place = join(directory, 'data');
    {
      await using used = await openLedger(place, spec);
      await used.extend(chain.slice(1));
      const { code, stderr } = await gossipchain(['import', file, ...options(place)]);
      expect(stderr).toContain('in use by another process');
      expect(code).toBe(2);
    }
    const { code, stderr } = await gossipchain(['import', file, ...options(place), '--network', 'other']);
    expect(stderr.split('\n')).toHaveLength(2);
    expect(stderr).toMatch(/^gossipchain: .*network/);
    expect(code).toBe(2);
  });
});

describe('a data directory that is named, and no network', () => {
  const own = ['--genesis', VECTOR, '--network', 'class', '--difficulty', '4'];

  it('is taken for what it is by import and export', async () => {
    const directory = scratch();
    const place = ['--data-dir', directory];
    await gossipchain(['import', VECTOR, ...own, ...place]);
    const exported = await gossipchain(['export', ...place]);
    expect(exported).toMatchObject({ code: 0, stderr: '' });
    expect(exported).toEqual(await gossipchain(['export', ...own, ...place]));
    expect((await gossipchain(['import', VECTOR, ...place])).stdout).toMatch(
      /^0 blocks adopted \(it is not longer .*: the chain has 4 blocks/,
    );
    expect((await ledgerPlace({ dataDir: directory })).spec.name).toBe('class');
  });

  it('is of the default network where there is no chain yet', async () => {
    for (const dataDir of [scratch(), join(scratch(), 'new')]) {
      const { spec } = await ledgerPlace({ dataDir });
      expect(networkId(spec)).toBe(networkId(createNetwork({})));
    }
  });

  it('is refused, in one line that names both, where another network is said', async () => {
    const directory = scratch();
    await gossipchain(['import', VECTOR, ...own, '--data-dir', directory]);
    for (const flag of [
      ['--network', 'other'],
      ['--difficulty', '3'],
      ['--genesis', VECTOR],
    ]) {
      const { code, stderr } = await gossipchain(['export', '--data-dir', directory, ...flag]);
      expect(stderr).toMatch(/^gossipchain: .* holds the chain of the network "class" .*, not of ".*\n$/);
      expect(code).toBe(2);
    }
  });
});

describe('export', () => {
  it('writes what GET /chain answers, block by block in canonical JSON, to a file or to stdout', async () => {
    const directory = scratch();
    await gossipchain(['import', '-', ...options(directory)], { input: chainText(chain) });
    const file = join(directory, 'out.json');
    expect(await gossipchain(['export', file, ...options(directory)])).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(file, 'utf8')).toBe(`${chainText(chain)}\n`);
    for (const name of [[], ['-']])
      expect(await gossipchain(['export', ...name, ...options(directory)])).toEqual({
        code: 0,
        stdout: `${chainText(chain)}\n`,
        stderr: '',
      });
  });

  it.skipIf(process.platform === 'win32')(
    'writes through a link, and into a pipe, and leaves both what they are',
    async () => {
      const directory = scratch();
      await gossipchain(['import', '-', ...options(directory)], { input: chainText(chain) });
      const [file, link, pipe] = ['out.json', 'link.json', 'pipe'].map((name) => join(directory, name)) as [
        string,
        string,
        string,
      ];
      writeFileSync(file, 'old');
      symlinkSync(file, link);
      expect(await gossipchain(['export', link, ...options(directory)])).toMatchObject({ code: 0 });
      expect(lstatSync(link).isSymbolicLink()).toBe(true);
      expect(readFileSync(file, 'utf8')).toBe(`${chainText(chain)}\n`);
      execFileSync('mkfifo', [pipe]);
      const [read, { code }] = await Promise.all([
        readFile(pipe, 'utf8'),
        gossipchain(['export', pipe, ...options(directory)]),
      ]);
      expect(code).toBe(0);
      expect(read).toBe(`${chainText(chain)}\n`);
      expect(lstatSync(pipe).isFIFO()).toBe(true);
    },
  );

  it('leaves no half file behind where it cannot write', async () => {
    const directory = scratch();
    await gossipchain(['import', '-', ...options(directory)], { input: chainText(chain) });
    const { code, stderr } = await gossipchain(['export', directory, ...options(directory)]);
    expect(stderr).toMatch(/^gossipchain: cannot write .*\n$/);
    expect(code).toBe(2);
    const missing = join(directory, 'none', 'out.json');
    expect((await gossipchain(['export', missing, ...options(directory)])).stderr).toContain('no such file');
    expect(readdirSync(directory)).toEqual(['chain']);
  });

  it.skipIf(process.platform === 'win32')('leaves no half file behind where it is stopped', async () => {
    const directory = scratch();
    // 40 MB: it takes long enough to be met while it writes.
    const paid = () => Array.from({ length: 50 }, () => payment('a'.repeat(256), 'b'.repeat(256)));
    const blocks = chain.slice(0, 1);
    while (blocks.length < 1_200) blocks.push(nextBlock(blocks.at(-1)!, { transactions: paid() }));
    {
      await using ledger = await openLedger(directory, spec);
      await ledger.extend(blocks.slice(1));
    }
    const file = join(scratch(), 'out.json');
    // It may be done before it is met.
    let how: NodeJS.Signals | number | null = 0;
    for (let attempt = 0; how === 0 && attempt < 20; attempt++) {
      writeFileSync(file, 'what was there');
      const { child, ended } = begun(['export', file, ...options(directory)]);
      const isWriting = () => readdirSync(join(file, '..')).some((name) => name.endsWith('.tmp'));
      await expect
        .poll(() => isWriting() || child.exitCode !== null, { interval: 1, timeout: 20_000 })
        .toBe(true);
      child.kill('SIGINT');
      how = await ended;
    }
    expect(how).toBe('SIGINT');
    expect(readdirSync(join(file, '..'))).toEqual(['out.json']);
    expect(readFileSync(file, 'utf8')).toBe('what was there');
  });

  it('makes no chain where there is none', async () => {
    const directory = join(scratch(), 'none');
    const { code, stderr } = await gossipchain(['export', '--data-dir', directory]);
    expect(stderr).toMatch(/^gossipchain: there is no chain in /);
    expect(code).toBe(2);
    expect(existsSync(directory)).toBe(false);
  });
});
