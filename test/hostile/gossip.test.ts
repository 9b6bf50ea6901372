/** What a stranger may gossip, and what comes of it. */
import { randomBytes } from 'node:crypto';
import type { Connection } from '@libp2p/interface';
import { expect, it } from 'vitest';
import { MAX_RPC_BYTES } from '../../protocols/gossip/constants.js';
import { messageId } from '../../protocols/gossip/message-id.js';
import { topics } from '../../protocols/gossip/topics.js';
import { Block, decodeBlock, rewardFor, type Transaction, validProof } from '../../src/chain/index.js';
import { describeNodes } from '../e2e/running-node.js';
import { nextBlock, payment } from '../helpers/chains.js';
import { announcement, besiege, GOSSIPSUB, open, pour, prefixed, rpcs, until } from './attacker.js';
import { after, hitsOf, NETWORK, NETWORK_ID, PATIENCE_MS, survive, type Target } from './siege.js';

const { transactions, blocks, peers } = topics(NETWORK_ID);
const text = (value: string) => Buffer.from(value);

interface Sent {
  readonly topic: string;
  readonly data: Uint8Array;
}

/** What stands for a valid message, and is none; several of them, where making one takes a look at the chain; or raw bytes. */
type Forgery = () => Sent | Uint8Array | Promise<Sent[]>;

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

/** Blocks that follow the head, but for what is said. */
async function onHead(
  target: Target,
  changes: (honest: Block, i: number) => Partial<Block>,
): Promise<Sent[]> {
  const head = await headOf(target);
  return Array.from({ length: 16 }, (_, i) => {
    const honest = nextBlock(head, { miner: randomBytes(4).toString('hex') });
    return block(new Block({ ...honest.toJSON(), ...changes(honest, i) }).bytes);
  });
}

/** A proof that is none. */
function wrongProof(head: Block): number {
  let proof = 0;
  while (validProof(head.proof, proof, NETWORK.difficulty)) proof++;
  return proof;
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
    (target) => async () => {
      const proof = wrongProof(await headOf(target));
      return onHead(target, () => ({ proof }));
    },
  ],
  ['forged indexes', (target) => () => onHead(target, ({ index }, i) => ({ index: index + 5 + i }))],
  [
    'forged rewards',
    (target) => () =>
      onHead(target, () => ({
        transactions: [rewardFor('me'), rewardFor(randomBytes(4).toString('hex'))],
      })),
  ],
  ['announcements of nobody', () => () => ({ topic: peers, data: randomBytes(100) })],
  ['a frame of 100 MB', () => () => prefixed(100_000_000, randomBytes(1_000))],
  ['empty frames', () => () => Buffer.alloc(60_000)],
  [
    'protobuf bombs',
    () => {
      // A frame of two million empty subscriptions, one of as many empty messages.
      const bomb = (tag: number) => prefixed(4_000_000, Buffer.alloc(4_000_000, Buffer.of(tag, 0)));
      const bombs = [bomb(0x0a), bomb(0x12)];
      return () => bombs[randomBytes(1).readUInt8() % 2] as Uint8Array;
    },
  ],
  [
    'a valid transaction with an author',
    () => () => rpcs({ messages: [{ ...transaction(payment().bytes), from: randomBytes(34) }] }),
  ],
  [
    'ids of no byte',
    () => {
      const messageIDs = Array.from({ length: 5_000 }, () => new Uint8Array(0));
      const ihave = Array.from({ length: 64 }, () => ({ topicID: blocks, messageIDs }));
      const frame = rpcs({ control: { ihave, iwant: [], graft: [], prune: [], idontwant: [] } });
      return () => frame;
    },
  ],
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
  [
    'what is in the chain already',
    (target) => async () => {
      const { chain } = await target.node.get<{ chain: object[] }>('/chain');
      return rpcs({ messages: chain.map((one) => block(text(canonical(one)))) });
    },
  ],
  [
    'subscriptions that come and go',
    () => {
      // Without others that are long, a window holds more of them than may come at once, which costs the connection.
      const long = { topic: 'x'.repeat(200), subscribe: true };
      const frames = Array.from({ length: 500 }, (_, i) => ({
        subscriptions: [{ topic: blocks, subscribe: i % 2 === 0 }, long],
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
      const isLate = after(PATIENCE_MS);
      await floodingOn(besieger.connection, { goesOn: () => !isLate() }, async () => {
        const forged = await forgery();
        return forged instanceof Uint8Array ? forged : rpcs({ messages: [forged].flat() });
      });
      await until(() => besieger.connection.status !== 'open');
      expect(besieger.connection.status).not.toBe('open');
    });
    expect(linesAbout(id).filter((line) => line.includes('peer-dropped'))).toHaveLength(1);
    for (const node of nodes) expect((await node.status()).peers).toBe(1);
  });
});

describeNodes('strangers who gossip together', () => {
  it('valid blocks of a megabyte, and ask for all of them again, stop nobody', async () => {
    await survive(async (target) => {
      const sent: Uint8Array[] = [];
      const head = await headOf(target);
      await together(3, target, (i) => {
        let last = head;
        return () => {
          last = nextBlock(last, { transactions: large(160), miner: `${i}` });
          sent.push(messageId(last.bytes));
          const iwant = [{ messageIDs: sent.slice(-50) }];
          const again = {
            control: { ihave: [], iwant, graft: [{ topicID: blocks }], prune: [], idontwant: [] },
          };
          return rpcs({ messages: [block(last.bytes)] }, again);
        };
      });
    });
  });

  it('frames that do not end stop nobody', async () => {
    await survive(async (target) => {
      const before = await hitsOf('gossip-unfinished', target);
      const most = MAX_RPC_BYTES - 1;
      const part = Buffer.alloc(1 << 18);
      // One message and its payload, of which all comes but the last byte.
      const field = (bytes: number) => Buffer.concat([Buffer.of(0x12), prefixed(bytes)]);
      const begin = Buffer.concat([prefixed(most), field(most - 5), field(most - 10)]);
      let isHit = false;
      const isLate = after(PATIENCE_MS);
      const looking = (async () => {
        while (!isHit && !isLate()) isHit = (await hitsOf('gossip-unfinished', target)) > before;
      })();
      // How soon they have sent so much depends on the machine.
      const goesOn = () => target.goesOn() || !(isHit || isLate());
      await together(20, { ...target, goesOn }, () => {
        let left = most - 10;
        return async () => {
          if (left === most - 10) {
            left -= 1;
            return begin;
          }
          if (left < part.length) await new Promise((done) => setTimeout(done, 100));
          if (left < part.length) return new Uint8Array(0);
          left -= part.length;
          return part;
        };
      });
      await looking;
      expect(isHit).toBe(true);
    });
  });
});

/** So many strangers, each with a flood of its own. */
async function together(
  count: number,
  target: Target,
  flood: (i: number) => () => Uint8Array | Promise<Uint8Array>,
): Promise<void> {
  const besiegers = await Promise.all(Array.from({ length: count }, () => besiege(target)));
  await Promise.all(besiegers.map(({ connection }, i) => flooding(connection, target, flood(i))));
}

/** Pours as long as the attack lasts; what is not sent by then never is. */
async function flooding(
  connection: Connection,
  target: Pick<Target, 'goesOn'>,
  next: () => Uint8Array | Promise<Uint8Array>,
): Promise<void> {
  const stream = await open(connection, GOSSIPSUB);
  await pour(stream, target, next);
  stream.abort(new Error('over'));
}

/** The same, until it is hung up on: a stream that is reset, for more on it than anybody has read yet, is opened anew. */
async function floodingOn(
  connection: Connection,
  target: Pick<Target, 'goesOn'>,
  next: () => Uint8Array | Promise<Uint8Array>,
): Promise<void> {
  const patience = { goesOn: () => target.goesOn() && connection.status === 'open' };
  while (patience.goesOn()) {
    // That the connection is over is heard in another turn.
    await flooding(connection, patience, next).catch(() => new Promise(setImmediate));
  }
}

/** As large as payments may be. */
function large(count: number): Transaction[] {
  const name = '\u{1f4b0}'.repeat(256);
  return Array.from({ length: count }, () => payment(name, name));
}

describeNodes('a stranger who gossips without end', () => {
  it.each(DENIABLE)('%s, stops nobody, and is not dropped for it', async (_, flood) => {
    let id = '';
    const { linesAbout } = await survive(async (target) => {
      const { connection, id: besieger } = await besiege(target);
      id = besieger;
      await floodingOn(connection, target, flood(target));
      expect(connection.status).toBe('open');
    });
    expect(linesAbout(id).filter((line) => line.includes('peer-dropped'))).toEqual([]);
  });
});
