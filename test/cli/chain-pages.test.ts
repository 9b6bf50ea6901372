import { expect, it } from 'vitest';
import type { Block } from '../../src/chain/index.js';
import { chainPages } from '../../src/cli/chain-pages.js';
import { chainOf, chainText, extend, testNetwork } from '../helpers/chains.js';

const CHAIN = chainOf(testNetwork(), 450);

/** A node as its `/chain` answers; its chain may be exchanged between two answers. */
class Node {
  readonly asked: string[] = [];
  /** Answers that are not read to their end. */
  open = 0;

  constructor(public blocks: readonly Block[]) {}

  async chain(from = 1, limit = Number.POSITIVE_INFINITY): Promise<AsyncIterable<string>> {
    this.asked.push(`${from}+${limit}`);
    return this.#answer(chainText(this.blocks.slice(from - 1, from - 1 + limit)));
  }

  async *#answer(text: string): AsyncGenerator<string> {
    this.open++;
    for (let at = 0; at < text.length; at += 1000) yield text.slice(at, at + 1000);
    this.open--;
  }
}

const indexes = (blocks: readonly Block[]) => blocks.map(({ index }) => index);

async function read(node: Node, from = 1, limit = Number.POSITIVE_INFINITY): Promise<number[]> {
  const shown: number[] = [];
  for await (const page of chainPages(node, from, limit, ({ index }) => index)) shown.push(...page);
  return shown;
}

it('the pages are the whole chain', async () => {
  const node = new Node(CHAIN);
  expect(await read(node)).toEqual(indexes(CHAIN));
  expect(node.asked).toEqual(['1+200', '201+200', '401+200']);
});

it.each([
  [2, 3, [2, 3, 4]],
  [449, 10, [449, 450]],
  [451, 10, []],
])('from %d at most %d blocks are %j', async (from, limit, shown) => {
  const node = new Node(CHAIN);
  expect(await read(node, from, limit)).toEqual(shown);
  expect(node.asked).toEqual([`${from}+${limit}`]);
});

it('a limit holds over pages', async () => {
  const node = new Node(CHAIN);
  expect(await read(node, 11, 201)).toEqual(indexes(CHAIN.slice(10, 211)));
  expect(node.asked).toEqual(['11+200', '211+1']);
});

it('a chain that ends with a page has no empty one after it, and one without blocks has one', async () => {
  const pagesOf = async (node: Node) => {
    const lengths: number[] = [];
    for await (const page of chainPages(node, 1, 1000, String)) lengths.push(page.length);
    return lengths;
  };
  expect(await pagesOf(new Node(CHAIN.slice(0, 400)))).toEqual([200, 200]);
  expect(await pagesOf(new Node([]))).toEqual([0]);
});

it('no answer is under way while a page is looked at', async () => {
  const node = new Node(CHAIN);
  for await (const _page of chainPages(node, 1, 1000, String)) expect(node.open).toBe(0);
});

it('a chain that grows meanwhile is shown as it is then', async () => {
  const node = new Node(CHAIN.slice(0, 250));
  const shown: number[] = [];
  for await (const page of chainPages(node, 1, 1000, ({ index }) => index)) {
    shown.push(...page);
    node.blocks = CHAIN;
  }
  expect(shown).toEqual(indexes(CHAIN.slice(0, 400)).concat(indexes(CHAIN.slice(400))));
});

it('a page of another chain is never shown below the one before', async () => {
  const node = new Node(CHAIN);
  const pages = chainPages(node, 1, 1000, ({ index }) => index);
  await pages.next();
  node.blocks = extend(CHAIN.slice(0, 190), 300, { miner: 'another' });
  await expect(pages.next()).rejects.toMatchObject({
    code: 'chain-replaced',
    message: expect.stringContaining('from block 201 on it does not follow what was shown before; ask again'),
  });
});

it('a chain that was replaced after what was shown is one chain still', async () => {
  const node = new Node(CHAIN);
  const pages = chainPages(node, 1, 1000, ({ index }) => index);
  await pages.next();
  node.blocks = extend(CHAIN.slice(0, 200), 300, { miner: 'another' });
  expect((await pages.next()).value).toHaveLength(200);
});
