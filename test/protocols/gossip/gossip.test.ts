import type { GossipSubEvents, Message, TopicValidatorResult } from '@chainsafe/libp2p-gossipsub';
import { type PeerId, TypedEventEmitter } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  MAX_BLOCK_MESSAGE_BYTES,
  MAX_IN_FLIGHT_BYTES,
  MAX_IN_FLIGHT_BYTES_PER_PEER,
  MAX_TRANSACTION_MESSAGE_BYTES,
  PASSED_ON_BYTES_BURST,
} from '../../../protocols/gossip/constants.js';
import {
  Gossip,
  type GossipHandlers,
  type Pubsub,
  topics,
  type Verdict,
} from '../../../protocols/gossip/index.js';
import { BoundCounts, type Bounds } from '../../../src/bounds.js';
import { Block, MAX_BLOCK_BYTES } from '../../../src/chain/block.js';
import { Transaction } from '../../../src/chain/transaction.js';
import { SILENT } from '../../../src/log.js';
import { recordingLogger } from '../../network/support.js';
import { blockAt, Judge, payment } from './support.js';

const NETWORK = '515b81d5a2aeb7ed';
const TOPICS = topics(NETWORK);
const PEERS = [
  '12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN',
  '12D3KooWNvSZnPi3RrhrTwEY4LuuBeB6K6facKUCJcyWG1aoDd2p',
].map((id) => peerIdFromString(id)) as [PeerId, PeerId];

class FakePubsub extends TypedEventEmitter<Pick<GossipSubEvents, 'subscription-change'>> implements Pubsub {
  readonly topicValidators = new Map<
    string,
    (from: PeerId, message: Message) => Promise<TopicValidatorResult>
  >();
  readonly log: string[] = [];
  publishFails = false;

  subscribe(topic: string): void {
    this.log.push(`subscribe ${topic} ${this.topicValidators.has(topic)}`);
  }
  unsubscribe(topic: string): void {
    this.log.push(`unsubscribe ${topic} ${this.topicValidators.has(topic)}`);
  }
  async publish(topic: string, data: Uint8Array): Promise<{ recipients: PeerId[] }> {
    if (this.publishFails) throw new Error('PublishError');
    this.log.push(`publish ${topic} ${Buffer.from(data)}`);
    return { recipients: PEERS };
  }
  async receive(topic: string, data: Uint8Array | string, from = PEERS[0]): Promise<string | undefined> {
    const message: Message = {
      type: 'unsigned',
      topic,
      data: typeof data === 'string' ? Buffer.from(data) : data,
    };
    return this.topicValidators.get(topic)?.(from, message);
  }
}

describe('gossip', () => {
  let pubsub: FakePubsub;
  beforeEach(() => {
    pubsub = new FakePubsub();
  });
  const start = (handlers: GossipHandlers, log = SILENT, bounds?: Bounds) => {
    const gossip = new Gossip(pubsub, NETWORK, handlers, log, bounds);
    gossip.start();
    return gossip;
  };

  it('judges from the first message to the last: validators are set before it subscribes, and go after', () => {
    const gossip = start(new Judge());
    gossip.start();
    gossip.stop();
    gossip.stop();
    expect(pubsub.log).toEqual([
      `subscribe ${TOPICS.transactions} true`,
      `subscribe ${TOPICS.blocks} true`,
      `unsubscribe ${TOPICS.transactions} true`,
      `unsubscribe ${TOPICS.blocks} true`,
    ]);
    expect(pubsub.topicValidators.size).toBe(0);
  });

  it('keeps nothing of a frame but the block that came in it', async () => {
    const blocks: Block[] = [];
    const judge = Object.assign(new Judge(), {
      block: async (block: Block): Promise<Verdict> => {
        blocks.push(block);
        return 'accept';
      },
    });
    start(judge);
    const { bytes } = blockAt(2);
    const frame = Buffer.alloc(1 << 20);
    frame.set(bytes, 500);
    expect(await pubsub.receive(TOPICS.blocks, frame.subarray(500, 500 + bytes.length))).toBe('accept');
    expect(blocks[0]?.bytes).toEqual(new Uint8Array(bytes));
    expect(blocks[0]?.bytes.buffer.byteLength).toBe(bytes.length);
  });

  it('tells of a peer that joins our topics, and of none that joins or leaves another', () => {
    const judge = new Judge();
    const gossip = start(judge);
    const changes = (peerId: PeerId, topic: string, subscribe: boolean) =>
      pubsub.dispatchEvent(
        new CustomEvent('subscription-change', { detail: { peerId, subscriptions: [{ topic, subscribe }] } }),
      );
    changes(PEERS[0], TOPICS.blocks, true);
    changes(PEERS[1], TOPICS.blocks, false);
    changes(PEERS[1], 'another', true);
    gossip.stop();
    changes(PEERS[1], TOPICS.blocks, true);
    expect(judge.members).toEqual([PEERS[0].toString()]);
  });

  it('tells of a peer that begins to listen to blocks, and of no other change', () => {
    const joined: string[] = [];
    const judge = Object.assign(new Judge(), { joined: (peer: PeerId) => joined.push(peer.toString()) });
    const gossip = start(judge);
    const change = (topic: string, subscribe: boolean) =>
      pubsub.safeDispatchEvent('subscription-change', {
        detail: { peerId: PEERS[0], subscriptions: [{ topic, subscribe }] },
      });
    change(TOPICS.transactions, true);
    change(TOPICS.blocks, false);
    expect(joined).toEqual([]);
    change(TOPICS.blocks, true);
    expect(joined).toEqual([`${PEERS[0]}`]);
    gossip.stop();
    change(TOPICS.blocks, true);
    expect(joined).toHaveLength(1);
  });

  it('publishes canonical bytes, and does not fail when pubsub does', async () => {
    const gossip = start(new Judge());
    await gossip.publishTransaction(payment(1));
    expect(await gossip.publishBlock(blockAt(2))).toEqual(PEERS.map(String));
    expect(pubsub.log.slice(2)).toEqual([
      `publish ${TOPICS.transactions} ${Buffer.from(payment(1).bytes)}`,
      `publish ${TOPICS.blocks} ${Buffer.from(blockAt(2).bytes)}`,
    ]);
    pubsub.publishFails = true;
    await expect(gossip.publishBlock(blockAt(3))).resolves.toEqual([]);
  });

  it.each(['accept', 'ignore', 'reject'] as const)(
    'gives the verdict of its handler: %s',
    async (verdict) => {
      const judge = new Judge(verdict);
      start(judge);
      expect(await pubsub.receive(TOPICS.transactions, payment(1).bytes)).toBe(verdict);
      expect(await pubsub.receive(TOPICS.blocks, blockAt(2).bytes)).toBe(verdict);
      expect(judge.seen).toEqual([payment(1).id, blockAt(2).hash].map((id) => ({ id, from: `${PEERS[0]}` })));
    },
  );

  const text = Buffer.from(payment(1).bytes).toString();
  it.each([
    ['nothing', 'transactions', ''],
    ['no JSON', 'transactions', '{"amount": 5'],
    ['bytes that are no UTF-8', 'transactions', Buffer.from([0xff, 0xfe, 0x80])],
    ['other spaces', 'transactions', text.replaceAll(': ', ':')],
    ['another order of keys', 'transactions', text.replace(/("amount": [^,]+), ("nonce": [^,]+)/, '$2, $1')],
    ['something after it', 'transactions', `${text}\n`],
    ['another key', 'transactions', text.replace('{', '{"a": 1, ')],
    ['a negative amount', 'transactions', text.replace('5', '-5')],
    ['more than a transaction can be', 'transactions', Buffer.alloc(MAX_TRANSACTION_MESSAGE_BYTES + 1, '1')],
    ['a block among transactions', 'transactions', blockAt(2).bytes],
    ['a transaction among blocks', 'blocks', payment(1).bytes],
    ['a block with a key more', 'blocks', Buffer.from(blockAt(2).bytes).toString().replace('{', '{"a": 1, ')],
    ['more than a block can be', 'blocks', Buffer.alloc(MAX_BLOCK_MESSAGE_BYTES + 1, '1')],
    ['deep nesting', 'blocks', '['.repeat(100_000)],
  ] as const)('rejects %s, asks no handler, and names the peer in the log', async (_, topic, payload) => {
    const judge = new Judge();
    const log = recordingLogger();
    start(judge, log);
    expect(await pubsub.receive(TOPICS[topic], payload)).toBe('reject');
    expect(judge.seen).toEqual([]);
    expect(log.said).toMatchObject([
      { level: 'debug', action: 'gossip-rejected', fields: { peer: `${PEERS[0]}` } },
    ]);
    expect(log.said[0]?.fields).toHaveProperty('code');
  });

  it('rejects what is too large unread', async () => {
    const log = recordingLogger();
    start(new Judge(), log);
    await pubsub.receive(TOPICS.transactions, Buffer.alloc(MAX_TRANSACTION_MESSAGE_BYTES + 1));
    await pubsub.receive(TOPICS.blocks, Buffer.alloc(MAX_BLOCK_MESSAGE_BYTES + 1));
    expect(log.said).toMatchObject([{ fields: { code: 'too-large' } }, { fields: { code: 'too-large' } }]);
  });

  it('takes the largest transaction there can be, and blocks as large as the ledger allows', async () => {
    start(new Judge());
    const largest = new Transaction(
      '\u{1f4b0}'.repeat(256),
      '\u{1f4b0}'.repeat(256),
      10n ** 39n,
      'f'.repeat(32),
    );
    expect(await pubsub.receive(TOPICS.transactions, largest.bytes)).toBe('accept');
    expect(MAX_BLOCK_MESSAGE_BYTES).toBe(MAX_BLOCK_BYTES);
  });

  it('ignores a message when its handler fails: that is our fault, and logged as such', async () => {
    const log = recordingLogger();
    const fail = async (): Promise<Verdict> => {
      throw new Error('disk full');
    };
    start({ transaction: fail, block: fail, joined() {}, notPassedOn() {} }, log);
    expect(await pubsub.receive(TOPICS.blocks, blockAt(2).bytes)).toBe('ignore');
    expect(log.said).toMatchObject([{ level: 'error', action: 'gossip-handler-failed' }]);
  });

  it('bounds what is judged at once, of one peer and of all, and goes on when that is done', async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const sizes: number[] = [];
    const wait = async (value: { bytes: Uint8Array }): Promise<Verdict> => {
      sizes.push(value.bytes.length);
      await gate;
      return 'accept';
    };
    const bounds = new BoundCounts();
    start({ transaction: wait, block: wait, joined() {}, notPassedOn() {} }, SILENT, bounds);
    const floods = PEERS.map((from) =>
      Array.from({ length: 10_000 }, (_, n) => pubsub.receive(TOPICS.transactions, payment(n).bytes, from)),
    );
    const judged = sizes.length;
    expect(judged * payment(0).bytes.length).toBeLessThan(2 * MAX_IN_FLIGHT_BYTES_PER_PEER);
    expect(judged).toBeGreaterThan(2_000);
    expect(2 * MAX_IN_FLIGHT_BYTES_PER_PEER).toBeLessThan(MAX_IN_FLIGHT_BYTES);
    open();
    const verdicts = await Promise.all(floods.flat());
    expect(verdicts.filter((verdict) => verdict === 'accept')).toHaveLength(judged);
    expect(verdicts.filter((verdict) => verdict === 'ignore')).toHaveLength(20_000 - judged);
    expect(bounds.counts.get('gossip-in-flight')).toBe(20_000 - judged);
    expect(await pubsub.receive(TOPICS.transactions, payment(1).bytes)).toBe('accept');
  });

  it('takes what is beyond what may be passed on, lets it go no further until time has passed, and says so', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const judge = new Judge();
    const hit = vi.fn();
    start(judge, SILENT, { hit });
    const block = new Block({ ...blockAt(2).toJSON(), transactions: Array(500).fill(payment(1)) });
    const receive = () => pubsub.receive(TOPICS.blocks, block.bytes);
    const passedOn = Math.ceil(PASSED_ON_BYTES_BURST / block.bytes.length);
    for (let n = 0; n < passedOn; n++) expect(await receive()).toBe('accept');
    expect(hit).not.toHaveBeenCalled();
    expect(judge.withheld).toBe(0);
    for (let n = 0; n < 3; n++) expect(await receive()).toBe('ignore');
    expect(judge.withheld).toBe(3);
    expect(judge.seen).toHaveLength(passedOn + 3);
    expect(hit.mock.calls).toEqual(Array(3).fill(['gossip-passed-on', `${PEERS[0]}`]));
    vi.advanceTimersByTime(1_000);
    expect(await receive()).toBe('accept');
  });
});
