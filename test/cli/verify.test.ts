import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  createNetwork,
  type Json,
  type JsonObject,
  parseJson,
  rewardFor,
  rulesOf,
  Transaction,
} from '../../src/chain/index.js';
import { BrokenChain, checkedChain } from '../../src/cli/chain-check.js';
import { chainOf, chainText, payment, testNetwork } from '../helpers/chains.js';
import { gossipchain, scratch } from './support.js';

const FILE = join(import.meta.dirname, '../vectors/tutorial-chain.json');
const TEXT = readFileSync(FILE, 'utf8');
const HEAD = '74211d72b34839681be83bf714d77338b8c6db17cdfb34a7c6f12d04ce159984';

async function* inPieces(text: string, size = 100): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

/** Where a chain breaks first; undefined where it holds. */
async function breakIn(text: string, difficulty = 4): Promise<number | undefined> {
  try {
    for await (const _ of checkedChain(inPieces(text), rulesOf(createNetwork({ difficulty }))));
    return undefined;
  } catch (error) {
    if (error instanceof BrokenChain) return error.index;
    throw error;
  }
}

describe('verify', () => {
  it("accepts a Python node's chain, and says its length, its head, and what nothing confirms", async () => {
    const { code, stdout } = await gossipchain(['verify', FILE]);
    expect(stdout.split('\n')[0]).toBe(`valid: 4 blocks, head ${HEAD}`);
    expect(stdout).toContain('--head');
    expect(code).toBe(0);
  });

  it('reads what is piped in', async () => {
    expect(await gossipchain(['verify', '-'], { input: TEXT })).toMatchObject({ code: 0 });
  });

  it('confirms the last block by --head, and then has nothing more to say', async () => {
    const { code, stdout } = await gossipchain(['verify', FILE, '--head', HEAD.toUpperCase()]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `valid: 4 blocks, head ${HEAD}\n` });
  });

  it('names the last block where it is not the one of --head', async () => {
    const changed = TEXT.replace(/("timestamp": \d+\.)\d+(?![\s\S]*"timestamp")/, '$15');
    expect(changed).not.toBe(TEXT);
    const { code, stdout } = await gossipchain(['verify', '-', '--head', HEAD], { input: changed });
    expect(stdout).toMatch(/^invalid at block 4: its hash is /);
    expect(code).toBe(1);
  });

  it('exits with 1 and names the first block that does not hold', async () => {
    const { code, stdout } = await gossipchain(['verify', '-'], { input: TEXT.replace('35089', '35090') });
    expect(stdout).toMatch(/^invalid at block 3: its proof is wrong/);
    expect(code).toBe(1);
  });

  it.each([
    ['a later block', { index: 2, previous_hash: HEAD }, 'a chain begins with block 1, not 2'],
    ['a reward', { transactions: [rewardFor('miner')] }, 'the first block pays no reward: nobody mined it'],
  ])('refuses a file for --genesis that has %s, and says why', async (_, fields, why) => {
    const block = { index: 1, timestamp: 5, transactions: [], proof: 100, previous_hash: '1', ...fields };
    const file = join(scratch(), 'genesis.json');
    writeFileSync(file, canonicalJson(block));
    const { code, stderr } = await gossipchain(['verify', FILE, '--genesis', file]);
    expect(stderr).toBe(`gossipchain: ${file} has no first block for a chain: ${why}\n`);
    expect(code).toBe(2);
  });

  it("takes another first block than --genesis's for invalid", async () => {
    const other = join(scratch(), 'genesis.json');
    writeFileSync(other, canonicalJson(createNetwork({}).genesis));
    const { code, stdout } = await gossipchain(['verify', FILE, '--genesis', other]);
    expect(stdout).toMatch(/^invalid at block 1: /);
    expect(code).toBe(1);
    expect(await gossipchain(['verify', FILE, '--genesis', FILE])).toMatchObject({ code: 0 });
  });

  it('prints each step as the tutorial does where it is asked to', async () => {
    const { stdout } = await gossipchain(['verify', FILE, '--verbose']);
    const steps = stdout.split('\n\n-----------\n\n');
    const shown = steps.slice(0, -1).map((step) => step.split('\n').map((line) => JSON.parse(line).index));
    expect(shown).toEqual([
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
  });

  it.each([
    ['no JSON', 'no'],
    ['another shape', '{"blocks": []}'],
    ['a chain that breaks off', TEXT.slice(0, -20)],
    ['nothing', ''],
    ['NaN', TEXT.replace('"proof": 100', '"proof": NaN')],
  ])('exits with 2 for %s', async (_what, input) => {
    const { code, stdout, stderr } = await gossipchain(['verify', '-'], { input });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^gossipchain: cannot read what is piped in: .*\n$/);
  });

  it('says of a file with a slip which it is, in which block and where that is, and what is wrong', async () => {
    const file = join(scratch(), 'chain.json');
    const told = async (text: string | Buffer) => {
      writeFileSync(file, text);
      const { code, stderr } = await gossipchain(['verify', file]);
      expect(code).toBe(2);
      return stderr.replace(file, 'FILE');
    };
    expect(await told(TEXT.replace('35089', '35O89'))).toBe(
      'gossipchain: cannot read FILE: not valid JSON within block 3, at line 4, character 111: expected "," or "}", found "O"\n',
    );
    expect(await told(TEXT.slice(0, 400))).toBe(
      'gossipchain: cannot read FILE: it is cut off within block 3, at line 4, character 41\n',
    );
    expect(await told(Buffer.from(TEXT.replace('35089', '35\xe989'), 'latin1'))).toBe(
      'gossipchain: cannot read FILE: the text is not UTF-8 within block 3, at line 4, character 111\n',
    );
    expect(await told(`${TEXT}x`)).toBe(
      'gossipchain: cannot read FILE: not valid JSON after block 4, at line 7, character 1: expected the end, found "x"\n',
    );
  });

  it.each([
    ['UTF-8', Buffer.from(`${TEXT.slice(0, 400)}é`).subarray(0, -1)],
    ['UTF-16', Buffer.from(`\ufeff${TEXT.slice(0, 401)}`, 'utf16le').subarray(0, -1)],
  ])('takes a file of %s that ends within a character for one that is cut off', async (_, bytes) => {
    const file = join(scratch(), 'chain.json');
    writeFileSync(file, bytes);
    expect((await gossipchain(['verify', file])).stderr).toContain(
      ': it is cut off within block 3, at line 4, character 42',
    );
  });

  it('exits with 2 for a file that is not there, or a directory', async () => {
    const directory = scratch();
    expect((await gossipchain(['verify', join(directory, 'none.json')])).stderr).toContain('no such file');
    expect((await gossipchain(['verify', directory])).stderr).toContain('it is a directory');
  });

  const utf16 = (text: string) => Buffer.from(text, 'utf16le');
  it.each([
    ['UTF-16 with its mark', utf16(`\ufeff${TEXT}`)],
    ['UTF-16 with its mark, the higher byte first', utf16(`\ufeff${TEXT}`).swap16()],
    ['UTF-16 without', utf16(TEXT)],
    ['UTF-16 without, the higher byte first', utf16(TEXT).swap16()],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${TEXT}`)],
  ])('reads what Windows PowerShell and others write: %s', async (_, bytes) => {
    const file = join(scratch(), 'chain.json');
    writeFileSync(file, bytes);
    expect(await gossipchain(['verify', file])).toMatchObject({ code: 0 });
  });

  it('ends quietly when its reader goes away, and not as if the chain were valid: nobody was told', async () => {
    const spec = testNetwork();
    const input = chainText(chainOf(spec, 2000));
    const main = join(import.meta.dirname, '../../dist/src/cli/main.js');
    const child = spawn(process.execPath, [main, 'verify', '-', '--difficulty', '0', '--verbose']);
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  });
});

/** The places of all values in a block, as paths. */
function placesIn(value: Json, path: (string | number)[] = []): (string | number)[][] {
  if (Array.isArray(value)) return value.flatMap((item, at) => placesIn(item, [...path, at]));
  if (typeof value === 'object' && value !== null && !('value' in value))
    return Object.entries(value).flatMap(([key, item]) => placesIn(item, [...path, key]));
  return [path];
}

function changedAt(value: Json, [key, ...rest]: (string | number)[], to: Json): Json {
  if (key === undefined) return to;
  const copy = structuredClone(value) as JsonObject;
  copy[key] = changedAt(copy[key] as Json, rest, to);
  return copy;
}

describe('a chain with one value changed', () => {
  const blocks = (parseJson(TEXT) as { chain: JsonObject[] }).chain;
  const others: Json[] = [0, 7, 1e300, '', 'mallory', '0'.repeat(64), null, true, [], {}];
  const places = blocks
    .slice(0, -1)
    .flatMap((block, at) => placesIn(block).map((path) => [at, path] as const));

  it.each(places)('breaks where block %i has another %j', async (at, path) => {
    for (const other of others) {
      const changed = blocks.map((block, place) => (place === at ? changedAt(block, path, other) : block));
      const before = path.reduce<unknown>((value, key) => (value as JsonObject)[key], blocks[at]);
      if (canonicalJson(before) === canonicalJson(other)) continue;
      const broken = await breakIn(canonicalJson({ chain: changed }));
      // What a block says of itself may still hold: then the next one does not have its hash.
      expect([at + 1, at + 2]).toContain(broken);
    }
  });

  it.each([
    [2, 'timestamp', 1, 3],
    [2, 'proof', 1, 2],
    [2, 'index', 3, 2],
    [2, 'previous_hash', '0'.repeat(64), 2],
    [2, 'transactions', [], 2],
    [1, 'timestamp', 1, 2],
    [1, 'previous_hash', '1', 2],
    [1, 'index', 2, 1],
    [1, 'proof', 101, 2],
    [3, 'proof', '35089', 3],
  ])(
    'of block %i, its %s, breaks at the first block that no longer holds',
    async (index, key, to, broken) => {
      const changed = blocks.map((block) => (block.index === index ? { ...block, [key]: to } : block));
      expect(await breakIn(canonicalJson({ chain: changed }))).toBe(broken);
    },
  );

  it('breaks where a key stands twice, or a number is beyond any float', async () => {
    expect(await breakIn(TEXT.replace('"proof": 35293', '"proof": 1, "proof": 35293'))).toBe(2);
    expect(await breakIn(TEXT.replace('1713205939.5651655', '1e999'))).toBe(2);
  });

  it('breaks where a transaction with a nonce is repeated, and not where one without is', async () => {
    const spec = testNetwork();
    const sent = payment('alice', 'bob', 1, 'ab'.repeat(16));
    const again = chainOf(spec, 4, { transactions: [sent] });
    expect(await breakIn(chainText(again), 0)).toBe(3);
    const anonymous = new Transaction('alice', 'bob', 1);
    expect(await breakIn(chainText(chainOf(spec, 4, { transactions: [anonymous, anonymous] })), 0)).toBe(
      undefined,
    );
  });

  it('breaks at block 1 where its first block is not a first one', async () => {
    expect(await breakIn(canonicalJson({ chain: blocks.slice(1) }))).toBe(1);
    const paid = { ...blocks[0], transactions: [{ amount: 1, recipient: 'eve', sender: '0' }] };
    expect(await breakIn(canonicalJson({ chain: [paid] }))).toBe(1);
  });

  it('breaks at block 1 where it is empty', async () => {
    expect(await breakIn('{"chain": []}')).toBe(1);
  });
});
