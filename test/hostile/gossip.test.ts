/** What a stranger may gossip, and what comes of it. */
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { topics } from '../../protocols/gossip/topics.js';
import { Block, decodeBlock, rewardFor } from '../../src/chain/index.js';
import { describeNodes } from '../e2e/running-node.js';
import { nextBlock, payment } from '../helpers/chains.js';
import { besiege, GOSSIPSUB, open, pour, prefixed, rpcs, until } from './attacker.js';
import { NETWORK_ID, survive, type Target } from './siege.js';

const { transactions, blocks, peers } = topics(NETWORK_ID);
const text = (value: string) => Buffer.from(value);

/** What stands for a valid message, and is none. */
type Forgery = () => { topic: string; data: Uint8Array } | Promise<{ topic: string; data: Uint8Array }>;

const transaction = (data: Uint8Array) => ({ topic: transactions, data });
const block = (data: Uint8Array) => ({ topic: blocks, data });

/** The head of the attacked node, as a block to build on. */
async function headOf({ node }: Target): Promise<Block> {
  const { block } = await node.get<{ block: object }>(`/blocks/${(await node.status()).length}`);
  return decodeBlock(text(canonical(block)));
}

/** What `JSON.stringify` makes canonical is enough for blocks of ASCII and small numbers. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, field]) => `"${key}": ${canonical(field)}`).join(', ')}}`;
  }
  return JSON.stringify(value);
}

/** A block that follows the head, but for what is said. */
async function onHead(target: Target, changes: (honest: Block) => Partial<Block>): Promise<Uint8Array> {
  const honest = nextBlock(await headOf(target), { miner: randomBytes(4).toString('hex') });
  return new Block({ ...honest, ...changes(honest) } as Block).bytes;
}

/** Each costs its sender the connection: no honest node sends it or passes it on. */
const PROVABLE: [string, (target: Target) => Forgery][] = [
  ['garbage', () => () => transaction(randomBytes(300))],
  ['garbage of a megabyte', () => () => block(randomBytes(1 << 20))],
  ['oversized transactions', () => () => transaction(randomBytes(9 << 10))],
  ['oversized blocks', () => () => block(randomBytes((1 << 20) + 1))],
  ['deeply nested JSON', () => () => block(text('['.repeat(1_000_000) + randomBytes(4).toString('hex')))],
  ['long numbers', () => () => block(text(`${'1'.repeat(1_000_000)}${randomBytes(4).readUInt32BE()}`))],
  [
    'another form of a valid transaction',
    () => () => transaction(Buffer.concat([text(' '), payment().bytes])),
  ],
  [
    'rewards as transactions',
    () => () =>
      transaction(
        text(
          `{"amount": 1, "nonce": "${randomBytes(16).toString('hex')}", "recipient": "me", "sender": "0"}`,
        ),
      ),
  ],
  [
    'forged proofs',
    (target) => async () =>
      block(await onHead(target, ({ proof }) => ({ proof: proof + 1 + randomBytes(1).readUInt8() * 1000 }))),
  ],
  [
    'forged indexes',
    (target) => async () => block(await onHead(target, ({ index }) => ({ index: index + 5 }))),
  ],
  [
    'forged rewards',
    (target) => async () =>
      block(
        await onHead(target, () => ({
          transactions: [rewardFor('me'), rewardFor(randomBytes(4).toString('hex'))],
        })),
      ),
  ],
  ['announcements of nobody', () => () => ({ topic: peers, data: randomBytes(100) })],
];

/** Each may be passed on by an honest node, so it is no fault: limits alone hold it. */
const DENIABLE: [string, (target: Target) => () => Uint8Array | Promise<Uint8Array>][] = [
  [
    'blocks that follow nothing',
    () => {
      const orphan = nextBlock(
        nextBlock(
          new Block({ index: 900, timestamp: 1, transactions: [], proof: 1, previous_hash: 'ab'.repeat(32) }),
        ),
      );
      return () => many(50, () => block(nextBlock(orphan, { miner: randomBytes(8).toString('hex') }).bytes));
    },
  ],
  [
    'stale blocks',
    () => {
      const stale = new Block({
        index: 2,
        timestamp: 1,
        transactions: [rewardFor('me')],
        proof: 1,
        previous_hash: 'ab'.repeat(32),
      });
      return () => many(50, () => block(nextBlock(stale, { miner: randomBytes(8).toString('hex') }).bytes));
    },
  ],
  [
    'stale blocks of a megabyte',
    () => {
      const payments = Array.from({ length: 9_000 }, () => payment());
      const parent = new Block({
        index: 1,
        timestamp: 1,
        transactions: [],
        proof: 1,
        previous_hash: 'ab'.repeat(32),
      });
      return () =>
        many(1, () =>
          block(nextBlock(parent, { transactions: payments, miner: randomBytes(8).toString('hex') }).bytes),
        );
    },
  ],
  ['valid transactions without end', () => () => many(200, () => transaction(payment().bytes))],
  [
    'the same transaction again and again',
    () => {
      const same = many(2_000, () => transaction(SAME));
      return () => same;
    },
  ],
  [
    'valid blocks without end',
    (target) => {
      let head: Block | undefined;
      return async () => {
        head = nextBlock(head ?? (await headOf(target)), { miner: 'me' });
        return rpcs({ messages: [block((head as Block).bytes)] });
      };
    },
  ],
  ['empty frames', () => () => Buffer.alloc(60_000)],
  [
    'subscriptions that come and go',
    () => {
      const frames = Array.from({ length: 500 }, (_, i) => ({
        subscriptions: [{ topic: blocks, subscribe: i % 2 === 0 }],
      }));
      const bytes = rpcs(...frames);
      return () => bytes;
    },
  ],
  [
    'other topics',
    () => () =>
      rpcs(
        ...Array.from({ length: 200 }, () => ({
          subscriptions: [{ topic: randomBytes(500).toString('hex'), subscribe: true }],
        })),
      ),
  ],
  [
    'protobuf bombs',
    () => {
      // A frame of two million empty subscriptions, one of as many empty messages.
      const bomb = (tag: number) => prefixed(4_000_000, Buffer.alloc(4_000_000, Buffer.of(tag, 0)));
      const bombs = [bomb(0x0a), bomb(0x12)];
      return () => bombs[randomBytes(1).readUInt8() % 2] as Uint8Array;
    },
  ],
  ['announcements without end', () => () => many(100, () => ({ topic: peers, data: announcement() }))],
  [
    'hunger for messages',
    () => () => rpcs(...Array.from({ length: 20 }, () => ({ control: control(1_000) }))),
  ],
];

const SAME = payment().bytes;

function many(count: number, message: () => { topic: string; data: Uint8Array }): Uint8Array {
  return rpcs({ messages: Array.from({ length: count }, message) });
}

/** Somebody who is nowhere: at addresses of this machine where nobody listens. */
function announcement(): Uint8Array {
  const address = Buffer.concat([Buffer.from('047f000001', 'hex'), Buffer.of(6), randomBytes(2)]);
  return Buffer.concat([
    Buffer.from('0a2408011220', 'hex'),
    randomBytes(32),
    Buffer.of(0x12, address.length),
    address,
  ]);
}

function control(ids: number) {
  const messageIDs = Array.from({ length: ids }, () => randomBytes(32));
  return {
    ihave: [{ topicID: blocks, messageIDs }],
    iwant: [{ messageIDs }],
    graft: [{ topicID: blocks }],
    prune: [],
    idontwant: [],
  };
}

describeNodes('a stranger who gossips what cannot be valid', () => {
  it.each(PROVABLE)('%s, is dropped, named in one line, and nobody else is', async (_, forge) => {
    let id = '';
    const { nodes, linesAbout } = await survive(async (target) => {
      const forgery = forge(target);
      const besieger = await besiege(target);
      id = besieger.id;
      const stream = await open(besieger.connection, GOSSIPSUB);
      await pour(stream, target, async () => rpcs({ messages: [await forgery()] }));
      await until(() => besieger.connection.status !== 'open');
      expect(besieger.connection.status).not.toBe('open');
    });
    expect(linesAbout(id).filter((line) => line.includes('peer-dropped'))).toHaveLength(1);
    for (const node of nodes) expect((await node.status()).peers).toBe(1);
  });
});

describeNodes('a stranger who gossips without end', () => {
  it.each(DENIABLE)('%s, stops nobody', async (_, flood) => {
    await survive(async (target) => {
      const { connection } = await besiege(target);
      const stream = await open(connection, GOSSIPSUB);
      await pour(stream, target, flood(target));
    });
  });
});
