import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  InvalidChainFile,
  type Json,
  JsonError,
  readChainFile,
} from '../../src/chain/index.js';
import { chainOf, chainText, payments, testNetwork } from '../helpers/chains.js';

const blocks = chainOf(testNetwork(), 4, { transactions: payments(1) });
const shown = blocks.map((block) => canonicalJson(block));

async function read(...chunks: string[]): Promise<Json[]> {
  const found: Json[] = [];
  for await (const block of readChainFile(chunks)) found.push(block);
  return found;
}

describe('readChainFile', () => {
  it('gives the blocks of a chain, in order', async () => {
    expect((await read(chainText(blocks))).map(canonicalJson)).toEqual(shown);
  });

  it.each([
    ['indented', JSON.stringify(JSON.parse(chainText(blocks)), null, 4)],
    ['with no blank', JSON.stringify(JSON.parse(chainText(blocks)))],
    ['with the length first', `{"length": 4, "chain": [${shown.join(',')}]}`],
    [
      'with other keys, one a list, one an object',
      `{"a": [[], "]"], "b": {"chain": [7]}, "chain" \n: [${shown.join(',')}]}`,
    ],
    [
      'with a text that looks like one',
      `{"a": "\\"chain\\": [7]", "chain": [${shown.join(',')}], "z": "[{"}`,
    ],
    ['with a key that ends like its own', `{"a\\"chain": [7], "chain": [${shown.join(',')}]}`],
    ['with blanks around', ` \n${chainText(blocks)}\r\n`],
  ])('reads a file %s', async (_, text) => {
    expect((await read(text)).map(canonicalJson)).toEqual(shown);
  });

  it('reads an empty chain, and texts with brackets, quotes and escapes in blocks', async () => {
    expect(await read('{"chain": []}')).toEqual([]);
    expect(await read('{"chain": [ \n ]}')).toEqual([]);
    const odd = ['],[', '}{', '"', '\\', '\\"', '\\\\"chain": ['].map((text) => ({
      [text]: [text, { text }],
    }));
    expect(await read(JSON.stringify({ chain: odd }))).toEqual(odd);
    expect(await read('{"chain": [1, "a", null, 5.0]}')).toHaveLength(4);
  });

  it('gives the same blocks wherever the text is cut', async () => {
    const text = chainText(blocks.slice(0, 2));
    for (let at = 0; at <= text.length; at++) {
      expect((await read(text.slice(0, at), text.slice(at))).map(canonicalJson)).toEqual(shown.slice(0, 2));
    }
    expect((await read(...text)).map(canonicalJson)).toEqual(shown.slice(0, 2));
  });

  it('gives a block as soon as its end is there', async () => {
    const [first = ''] = shown;
    async function* chunks() {
      yield `{"chain": [${first},`;
      throw new Error('the rest was asked for too early');
    }
    const reading = readChainFile(chunks());
    expect(canonicalJson((await reading.next()).value)).toBe(first);
    await expect(reading.next()).rejects.toThrow('too early');
  });

  it('lets go of the file when its reader stops', async () => {
    let closed = false;
    async function* chunks() {
      try {
        yield chainText(blocks);
        yield 'never asked for';
      } finally {
        closed = true;
      }
    }
    for await (const _ of readChainFile(chunks())) break;
    expect(closed).toBe(true);
  });

  it.each([
    ['a list', '[1]'],
    ['a list of chains', '[{"chain": []}]'],
    ['a block', shown[0]!],
    ['another key', '{"blocks": []}'],
    ['a chain that is no list', '{"chain": {}}'],
    ['a chain that is a text', '{"chain": "[]"}'],
    ['a chain deeper down', '{"a": {"chain": [1]}}'],
    ['a list with a key', '["chain": [1]]'],
    ['two chains', '{"chain": [1], "chain": [2]}'],
    ['a byte order mark', `\ufeff${chainText(blocks)}`],
    ['the key written with escapes, so that its blocks would go unseen', '{"\\u0063hain": [1]}'],
    ['a web page', '<!doctype html><title>[</title>'],
  ])('refuses %s, and says what is expected', async (_, text) => {
    await expect(read(text)).rejects.toSatisfy(
      (error) =>
        error instanceof InvalidChainFile &&
        error.code === 'not-a-chain' &&
        error.message === 'this is not a chain: expected {"chain": [ …blocks… ]}, as GET /chain answers',
    );
  });

  it.each([
    ['nothing', '', 'it is empty'],
    ['blanks', ' \r\n', 'it is empty'],
  ])('refuses %s, and says so', async (_, text, message) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'not-a-chain', message });
  });

  /** Four blocks, a line each. */
  const lines = `{"chain": [\n${shown.join(',\n')}\n]}`;
  const [, second = '', third = '', fourth = ''] = lines.split('\n');

  it.each([
    ['before its first block', '{"chain": [', 'before its first block, at line 1, character 12'],
    ['within a block', lines.slice(0, lines.indexOf(third) + 9), 'within block 2, at line 3, character 10'],
    ['within a number', '{"chain": [\n{"a": 35.', 'within block 1, at line 2, character 10'],
    ['within an escape', '{"chain": [\n{"a": "\\u00', 'within block 1, at line 2, character 12'],
    ['within a word', '{"chain": [1, nul\n', 'within block 2, at line 2, character 1'],
    [
      'between two blocks, before the comma',
      lines.slice(0, lines.indexOf(third) - 2),
      `after block 1, at line 2, character ${second.length}`,
    ],
    [
      'between two blocks, behind the comma',
      lines.slice(0, lines.indexOf(third)),
      'after block 1, at line 3, character 1',
    ],
    ['behind the last block', lines.slice(0, -2), 'after block 4, at line 6, character 1'],
    ['behind the list', lines.slice(0, -1), 'after block 4, at line 6, character 2'],
    ['in what follows the list', `${lines.slice(0, -1)}, "len`, 'after block 4, at line 6, character 8'],
  ])('says of a file that is cut off %s that it is, and where', async (_, text, where) => {
    const message = `it is cut off ${where}`;
    await expect(read(text)).rejects.toMatchObject({ name: 'InvalidChainFile', code: 'cut-off', message });
    await expect(read(...text)).rejects.toMatchObject({ code: 'cut-off', message });
  });

  const at = (line: string, what: string) => `character ${line.indexOf(what) + 1}`;
  it.each([
    [
      'a letter in a number',
      lines.replace('"index": 3', '"index": 3O'),
      `within block 3, at line 4, ${at(fourth.replace('3', '3O'), 'O')}: expected "," or "}", found "O"`,
    ],
    [
      'no comma between two blocks',
      lines.replace('},\n{"index": 3', '}\n{"index": 3'),
      'within block 2, at line 4, character 1: expected "," or "]", found "{"',
    ],
    [
      'two commas between them',
      lines.replace('},\n{"index": 3', '},,\n{"index": 3'),
      `within block 3, at line 3, character ${third.length + 1}: expected a value, found ","`,
    ],
    [
      'a comma behind the last',
      lines.replace('\n]', ',]'),
      `within block 5, at line 5, character ${lines.split('\n')[4]!.length + 2}: expected a value, found "]"`,
    ],
    [
      'no brace at the end of a block, so that no block seems to end any more',
      lines.replace('},\n{"index": 3', ',\n{"index": 3'),
      'within block 2, at line 4, character 1: expected a key in double quotes, found "{"',
    ],
    [
      'a brace too many',
      lines.replace('},\n{"index": 3', '}},\n{"index": 3'),
      `within block 2, at line 3, character ${third.length}: expected "," or "]", found "}"`,
    ],
    [
      'more behind its end',
      `${lines}\nxx`,
      'after block 4, at line 7, character 1: expected the end, found "x"',
    ],
    [
      'a slip in what follows the blocks',
      lines.replace(/}$/, ', "length" 4}'),
      'after block 4, at line 6, character 13: expected ":", found "4"',
    ],
  ])('says of a file with %s where that is', async (_, text, slip) => {
    const message = `not valid JSON ${slip}`;
    await expect(read(text)).rejects.toMatchObject({ name: 'JsonError', code: 'syntax', message });
    await expect(read(...text)).rejects.toMatchObject({ code: 'syntax', message });
  });

  it('says where text is not UTF-8', async () => {
    async function* chunks() {
      yield lines.slice(0, lines.indexOf(third) + 9);
      throw new JsonError('not-utf8', 'the text is not UTF-8');
    }
    const reading = readChainFile(chunks());
    await reading.next();
    await expect(reading.next()).rejects.toMatchObject({
      code: 'not-utf8',
      message: 'the text is not UTF-8 within block 2, at line 3, character 10',
    });
  });

  it('counts from the block that the file begins with', async () => {
    const reading = readChainFile(['{"chain": [1, 2, x]}'], 500);
    await reading.next();
    await reading.next();
    await expect(reading.next()).rejects.toThrow('within block 502, at line 1, character 18');
  });

  it('names the slip of a block that seems to have no end, however long the file', async () => {
    function* endless() {
      yield lines.replace('},\n{"index": 3', ',\n{"index": 3');
      for (;;) yield ', {}'.repeat(1 << 14);
    }
    const reading = readChainFile(endless());
    await reading.next();
    await expect(reading.next()).rejects.toThrow(
      'not valid JSON within block 2, at line 4, character 1: expected a key in double quotes, found "{"',
    );
  });

  it.each([
    ['a comma at the end', '{"chain": [1,]}'],
    ['a comma at the beginning', '{"chain": [,1]}'],
    ['two commas', '{"chain": [1,,2]}'],
    ['a space that is none of JSON', '{"chain": [\u00a0]}'],
    ['a byte order mark within', '{"chain": [\ufeff]}'],
    ['no comma', '{"chain": [1 2]}'],
    ['a list that is closed like an object', '{"chain": [1}}'],
    ['a wrong bracket within', '{"chain": [{"a": ]}]}'],
    ['a block that is no JSON', '{"chain": [{a: 1}]}'],
    ['a key twice in a block', '{"chain": [{"a": 1, "a": 1}]}'],
  ])('refuses %s as what it is: no JSON', async (_, text) => {
    await expect(read(text)).rejects.toThrow(JsonError);
  });

  it('holds no more than a block: one without an end is refused at 4 MiB', async () => {
    let sent = 0;
    function* endless() {
      yield '{"chain": ["';
      for (;;) {
        sent += 1 << 16;
        if (sent > 5 << 20) throw new Error('it was read on and on');
        yield 'x'.repeat(1 << 16);
      }
    }
    const reading = readChainFile(endless());
    await expect(reading.next()).rejects.toMatchObject({
      code: 'too-large',
      message: 'block 1, from line 1, character 12 on, has more than 4194304 characters',
    });
  });

  it('refuses a file whose text before the blocks does not end', async () => {
    function* endless() {
      for (let i = 0; i < 100; i++) yield ' '.repeat(1 << 10);
      throw new Error('it was read on and on');
    }
    await expect(readChainFile(endless()).next()).rejects.toMatchObject({ code: 'not-a-chain' });
  });
});
