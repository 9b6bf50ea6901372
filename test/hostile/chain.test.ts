/** What a stranger may ask for, and answer, over /chain/1.0.0, and what comes of it. */
import { randomBytes } from 'node:crypto';
import type { Connection, Stream } from '@libp2p/interface';
import { expect, it } from 'vitest';
import { CHAIN_PROTOCOL, MAX_ANSWER_IDS } from '../../protocols/chain/constants.js';
import { Block, rewardFor } from '../../src/chain/index.js';
import { describeNodes } from '../e2e/running-node.js';
import { nextBlock, payment } from '../helpers/chains.js';
import { besiege, open, prefixed, until } from './attacker.js';
import { frame, type Lies, lying, promise, request } from './liar.js';
import { after, hitsOf, NETWORK, NETWORK_ID, PATIENCE_MS, survive } from './siege.js';

const hash = () => randomBytes(32).toString('hex');
const rest = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** As many blocks after one as fill an answer; they are valid, and cost nothing. */
function blocksAfter(parent: Block, count: number, miner = 'liar'): Block[] {
  const blocks: Block[] = [];
  for (let last = parent; blocks.length < count; blocks.push(last)) last = nextBlock(last, { miner });
  return blocks;
}

const framed = (blocks: Block[]) => frame({ blocks: blocks.map(({ bytes }) => bytes) });

/** Each costs its teller the connection. */
const PROVABLE: [string, () => Lies][] = [
  ['a length of a billion, and no block', () => ({ head: () => promise(1e9) })],
  [
    'a length of a billion, of another head each time, and no block',
    () => ({ head: () => promise(1e9, { hash: hash() }) }),
  ],
  [
    'a longer chain of forged proofs',
    () => ({
      head: () => promise(100),
      blocks: () => framed([new Block({ ...nextBlock(NETWORK.genesis).toJSON(), proof: 3 })]),
    }),
  ],
  [
    'a longer chain of forged indexes',
    () => ({
      head: () => promise(100),
      blocks: () => framed([new Block({ ...nextBlock(NETWORK.genesis).toJSON(), index: 3 })]),
    }),
  ],
  [
    'a longer chain of forged previous hashes',
    () => ({
      head: () => promise(100),
      blocks: () => {
        const [first, second] = blocksAfter(NETWORK.genesis, 2) as [Block, Block];
        return framed([first, new Block({ ...second.toJSON(), previous_hash: hash() })]);
      },
    }),
  ],
  [
    'a longer chain of forged rewards',
    () => ({
      head: () => promise(100),
      blocks: () => {
        const honest = nextBlock(NETWORK.genesis);
        return framed([
          new Block({ ...honest.toJSON(), transactions: [rewardFor('me'), rewardFor('me too')] }),
        ]);
      },
    }),
  ],
  [
    'a longer chain with blocks in another form',
    () => ({
      head: () => promise(100),
      blocks: () => frame({ blocks: [Buffer.concat([Buffer.from(' '), nextBlock(NETWORK.genesis).bytes])] }),
    }),
  ],
  [
    'a branch, another each time, that never becomes longer',
    () => ({
      head: () => promise(1e9, { hash: hash() }),
      blocks: () => framed(blocksAfter(NETWORK.genesis, 1, hash())),
    }),
  ],
  ['garbage', () => ({ head: () => promise(100), blocks: () => prefixed(100, randomBytes(100)) })],
  [
    'a frame of 100 MB',
    () => ({ head: () => promise(100), blocks: () => prefixed(100_000_000, randomBytes(1_000)) }),
  ],
  [
    'two million blocks of nothing',
    () => ({
      head: () => promise(100),
      blocks: () => prefixed(1_000_000, Buffer.alloc(1_000_000, Buffer.of(0x32, 0))),
    }),
  ],
  [
    'pending transactions without end',
    () => {
      let last = 0;
      return {
        head: () => promise(1, { pending: 1e9, digest: hash() }),
        ids: () => {
          const ids = Array.from({ length: MAX_ANSWER_IDS / 16 }, () =>
            (++last).toString(16).padStart(64, '0'),
          );
          return frame({ ids });
        },
      };
    },
  ],
  [
    'transactions that nobody asked for',
    () => ({
      head: () => promise(1, { pending: 1, digest: hash() }),
      ids: () => frame({ ids: ['ab'.repeat(32)] }),
      transactions: () => frame({ transactions: [payment().bytes] }),
    }),
  ],
  [
    'another network',
    () => ({
      head: () => promise(1),
    }),
  ],
  [
    'blocks that follow nothing',
    () => ({
      head: () => promise(1e9, { hash: hash() }),
      blocks: () => framed([new Block({ ...nextBlock(NETWORK.genesis).toJSON(), previous_hash: hash() })]),
    }),
  ],
];

/** None of these is a fault for certain. */
const DENIABLE: [string, () => Lies][] = [
  ['silence', () => ({ head: () => promise(1e9), blocks: () => undefined })],
  [
    'half a frame, and silence',
    () => ({
      head: () => promise(1e9),
      blocks: (_, stream) => void stream.send(prefixed(50_000, randomBytes(25_000))),
    }),
  ],
  [
    'one byte a second',
    () => ({
      head: () => promise(1e9),
      blocks: async (_, stream) => {
        stream.send(prefixed(50_000));
        for (; stream.status === 'open'; await rest(1_000)) stream.send(Buffer.of(0x32));
        return undefined;
      },
    }),
  ],
  [
    'valid blocks without end',
    () => {
      const chain = new Map<string, Block[]>();
      const known = new Map<string, Block>();
      return {
        head: () => promise(1e9),
        blocks: ({ locator }) => {
          const parent = known.get(locator[0] as string) ?? NETWORK.genesis;
          const blocks = chain.get(parent.hash) ?? blocksAfter(parent, 250);
          chain.set(parent.hash, blocks);
          known.set((blocks.at(-1) as Block).hash, blocks.at(-1) as Block);
          return framed(blocks);
        },
      };
    },
  ],
];

describeNodes('a stranger who promises a longer chain, or transactions, and sends', () => {
  it.each(PROVABLE)('%s, is dropped and named in one line', async (name, lies) => {
    let id = '';
    const { linesAbout } = await survive(async (target) => {
      const chain = name === 'another network' ? elsewhere : lying(lies());
      const { connection, host } = await besiege(target, { chain });
      id = host.peerId.toString();
      await until(() => connection.status !== 'open', 12_000);
      expect(connection.status).not.toBe('open');
    });
    expect(linesAbout(id).filter((line) => line.includes('peer-dropped'))).toHaveLength(1);
  });

  it.each(DENIABLE)('%s, stops nobody, and is not dropped for it', async (_, lies) => {
    const ids: string[] = [];
    const { linesAbout } = await survive(async (target) => {
      let asked = 0;
      const counted = (): Lies => {
        const { blocks, ...others } = lies();
        const counting: Lies['blocks'] = (...ask) => {
          asked++;
          return blocks?.(...ask);
        };
        return { ...others, blocks: counting };
      };
      const besiegers = await Promise.all(
        Array.from({ length: 3 }, () => besiege(target, { chain: lying(counted()) })),
      );
      ids.push(...besiegers.map(({ id }) => id));
      await until(() => asked > 0);
      while (target.goesOn()) await rest(50);
      expect(besiegers.map(({ connection }) => connection.status)).toEqual(['open', 'open', 'open']);
    });
    expect(ids.flatMap(linesAbout).filter((line) => line.includes('peer-dropped'))).toEqual([]);
  });
});

function elsewhere(stream: Stream): void {
  const network = { name: 'elsewhere', difficulty: 4, genesisHash: hash() };
  stream.send(frame({ status: 'wrong-network', network }));
  void stream.close().catch(() => {});
}

/** Each is done again and again, on streams of their own. */
const QUESTIONS: [string, boolean, (stream: Stream) => unknown][] = [
  ['garbage', true, (stream) => stream.send(prefixed(50, randomBytes(50)))],
  ['for 100 MB', true, (stream) => stream.send(prefixed(100_000_000, randomBytes(1_000)))],
  [
    'for two million locators',
    true,
    (stream) => stream.send(prefixed(60_000, Buffer.alloc(60_000, Buffer.of(0x0a, 0)))),
  ],
  [
    'what nobody understands',
    true,
    (stream) =>
      stream.send(
        prefixed(20, Buffer.concat([Buffer.of(0x0a, 16), Buffer.from(NETWORK_ID), Buffer.of(0x7a, 0)])),
      ),
  ],
  ['half a question', false, (stream) => stream.send(prefixed(80, randomBytes(40)))],
  ['nothing', false, () => {}],
  [
    'a question, byte by byte',
    false,
    async (stream) => {
      for (const byte of request({ kind: 'head', head: promise(1) })) {
        stream.send(Uint8Array.of(byte));
        await rest(1_000);
      }
    },
  ],
  [
    'for its head without end',
    false,
    (stream) => stream.send(request({ kind: 'head', head: promise(1e9, { hash: hash() }) })),
  ],
  [
    'for blocks without reading them',
    false,
    (stream) => {
      stream.send(request({ kind: 'blocks', locator: [NETWORK.genesis.hash], limit: 8_192 }));
      stream.pause();
    },
  ],
  [
    'for another network',
    false,
    (stream) => stream.send(request({ kind: 'head', head: promise(1) }, 'ab'.repeat(8))),
  ],
];

describeNodes('a stranger who asks', () => {
  it.each(QUESTIONS)('%s', async (_, isProvable, ask) => {
    let id = '';
    const { linesAbout } = await survive(async (target) => {
      const { connection, host } = await besiege(target, { chain: lying({}) });
      id = host.peerId.toString();
      // Who is provably at fault is dropped, be it late where the machine has other work.
      const isLate = after(PATIENCE_MS);
      while ((target.goesOn() || (isProvable && !isLate())) && connection.status === 'open')
        await askOnce(connection, ask);
      if (isProvable) expect(connection.status).not.toBe('open');
    });
    expect(linesAbout(id).filter((line) => line.includes('peer-dropped'))).toHaveLength(isProvable ? 1 : 0);
  });

  it('with 10,000 streams at once, and is not read for a while', async () => {
    await survive(async (target) => {
      const { connection } = await besiege(target, { chain: lying({}) });
      const before = await hitsOf('connection-traffic', target);
      await Promise.allSettled(Array.from({ length: 10_000 }, () => open(connection, CHAIN_PROTOCOL)));
      expect(await hitsOf('connection-traffic', target)).toBeGreaterThan(before);
      while (target.goesOn()) await rest(50);
    });
  });

  it('for protocols that nobody knows', async () => {
    await survive(async (target) => {
      const { connection } = await besiege(target);
      while (target.goesOn() && connection.status === 'open') {
        await Promise.allSettled(Array.from({ length: 100 }, () => open(connection, `/${hash()}`)));
      }
    });
  });
});

async function askOnce(connection: Connection, ask: (stream: Stream) => unknown): Promise<void> {
  try {
    const stream = await open(connection, CHAIN_PROTOCOL);
    stream.addEventListener('message', () => {});
    await Promise.race([ask(stream), rest(5)]);
  } catch {
    await rest(5); // refused, or hung up on
  }
}
