/** What lost its place in the chain, or never had one, can still be looked at. */
import { EventEmitter } from 'node:events';
import { get } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type Block, canonicalJson, parseJson } from '../../src/chain/index.js';
import { LostBlocks } from '../../src/control/lost-blocks.js';
import { BRANCHES } from '../../src/control/schemas/branches.js';
import type { ForkEvent, NodeEvents } from '../../src/node/index.js';
import { chainOf, extend, testNetwork } from '../helpers/chains.js';
import { ask, expectToMatch, fakeNode, serve, startNode } from './support.js';

const network = testNetwork();
const ours = chainOf(network, 4, { miner: 'us' });
const theirs = extend(ours.slice(0, 2), 2, { miner: 'them' });

function forkEvent(at: number): ForkEvent {
  const head = { length: 4, hash: ours[3]!.hash, proof: ours[3]!.proof };
  return { block: theirs[at]!, fork: 2, head, from: 'them', at: 1_700_000_000_000 + at };
}

/** A node with the chain `ours`, or the one given. */
function nodeWith(chain = ours, replaced: typeof ours = []) {
  const events = new EventEmitter<NodeEvents>();
  const node = fakeNode({
    on: events.on.bind(events) as never,
    block: async (hash) => {
      const block = chain.find((one) => one.hash === hash);
      return block && { block, confirmations: 1 };
    },
    replaced: async () => replaced.map((block) => ({ block, replacedAt: 1_700_000_009_000 })),
  });
  return { node, events };
}

describe('the blocks beside our chain', () => {
  it('are none at first', async () => {
    const { url } = await startNode();
    expect((await ask(`${url}/branches`)).json).toEqual([]);
  });

  it('are those that came too late, by index, each with where it came from and when', async () => {
    const { node, events } = nodeWith();
    const { url } = await serve(node);
    for (const at of [3, 2, 2]) events.emit('fork', forkEvent(at));
    const { json } = await ask(`${url}/branches`);
    expectToMatch(json, BRANCHES);
    expect(json).toMatchObject([
      {
        hash: theirs[2]!.hash,
        fate: 'beside',
        from: 'them',
        at: '2023-11-14T22:13:20.002Z',
        block: { index: 3 },
      },
      { hash: theirs[3]!.hash, fate: 'beside', block: { index: 4, previous_hash: theirs[2]!.hash } },
    ]);
  });

  it('are those that a longer chain replaced, and no longer those that it is made of', async () => {
    const longer = extend(theirs, 1, { miner: 'them' });
    const { node, events } = nodeWith(longer, ours.slice(2));
    const { url } = await serve(node);
    for (const at of [2, 3]) events.emit('fork', forkEvent(at));
    const { json } = await ask(`${url}/branches`);
    expectToMatch(json, BRANCHES);
    expect(json).toMatchObject([
      { hash: ours[2]!.hash, fate: 'replaced', from: null, at: '2023-11-14T22:13:29.000Z' },
      { hash: ours[3]!.hash, fate: 'replaced' },
    ]);
    expect(json).toHaveLength(2);
  });

  it('are told in canonical JSON, a block by its own bytes, and no faster than they are taken', async () => {
    const { node } = nodeWith(ours, theirs.slice(2));
    const { url } = await serve(node);
    const { text } = await ask(`${url}/branches`);
    expect(text).toBe(canonicalJson(parseJson(text)));

    let read = 0;
    const large = Buffer.alloc(1 << 20, ' ');
    large.write('{}');
    const replaced = Array.from({ length: 200 }, (_, at) => ({
      replacedAt: 0,
      block: {
        index: at,
        hash: `${at}`,
        get bytes() {
          read++;
          return large;
        },
      } as unknown as Block,
    }));
    const many = await serve(fakeNode({ block: async () => undefined, replaced: async () => replaced }));
    const client = get(`${many.url}/branches`, (response) => response.pause());
    client.on('error', () => {});
    await expect.poll(() => read).toBeGreaterThan(1);
    // What the sockets hold of them, and no more.
    let before = -1;
    const hasGrown = () => {
      const grown = read !== before;
      before = read;
      return grown;
    };
    await expect.poll(hasGrown, { interval: 200 }).toBe(false);
    expect(read).toBeLessThan(100);
    client.destroy();
  });

  it.each([
    ['in number', { blocks: 2, bytes: 1e9 }],
    ['in bytes', { blocks: 9, bytes: 2 * ours[3]!.bytes.length + 20 }],
  ])('are kept up to a bound %s, the newest', (_what, limits) => {
    const events = new EventEmitter<NodeEvents>();
    const lost = new LostBlocks(events as never, limits);
    const many = extend(ours, 4);
    for (const block of many) events.emit('fork', { ...forkEvent(2), block });
    expect(lost.events.map(({ block }) => block.index)).toEqual([7, 8]);
  });
});
