import type { RPC } from '@chainsafe/libp2p-gossipsub/message';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MAX_RPC_BYTES,
  MAX_RPC_FIELDS,
  MAX_RPC_MESSAGES,
  MESSAGE_ID_BYTES,
} from '../../../protocols/gossip/constants.js';
import { RpcScanner, type Scanned } from '../../../protocols/gossip/rpc-scanner.js';
import { prefixed } from '../../hostile/attacker.js';
import { anyRpc, framed, itemsIn } from './arbitraries.js';

const rpcs = fc.array(anyRpc, { minLength: 1, maxLength: 5 });

/** What was found in all of them. */
function scan(scanner: RpcScanner, pieces: Uint8Array[]): Scanned {
  const found = pieces.map((piece) => scanner.read(piece));
  const sum = (key: 'bytes' | 'items') => found.reduce((total, one) => total + one[key], 0);
  const fault = found.find((one) => one.fault)?.fault;
  return { bytes: sum('bytes'), items: sum('items'), ...(fault && { fault }) };
}

describe('what peers send to gossipsub', () => {
  it('is counted by frames and what stands in them, however it is cut to pieces', () => {
    fc.assert(
      fc.property(rpcs, fc.integer({ min: 1, max: 50 }), (sent, size) => {
        const bytes = Buffer.concat(sent.map(framed));
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        );
        const expected = sent.reduce((sum, one) => sum + itemsIn(one), 0);
        expect(scan(new RpcScanner(), pieces)).toEqual({ bytes: bytes.length, items: expected });
      }),
    );
  });

  it('may be anything: it is counted to its end or its fault, and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1 }), { minLength: 1 }), (pieces) => {
        const { bytes, fault } = scan(new RpcScanner(), pieces);
        if (fault === undefined) expect(bytes).toBe(pieces.reduce((sum, piece) => sum + piece.length, 0));
      }),
    );
  });

  it('is at most what an honest node can have to say in one frame, and that passes', () => {
    const topics = ['transactions', 'blocks', 'peers'];
    const many = <T>(value: T): T[] => Array(MAX_RPC_MESSAGES).fill(value);
    const messageIDs = many(Buffer.alloc(MESSAGE_ID_BYTES));
    const most: RPC = {
      subscriptions: topics.map((topic) => ({ topic, subscribe: true })),
      messages: many({ data: Buffer.alloc(500), topic: 'transactions' }),
      control: {
        ihave: topics.map((topicID) => ({ topicID, messageIDs })),
        iwant: [{ messageIDs }],
        graft: topics.map((topicID) => ({ topicID })),
        prune: topics.map((topicID) => ({ topicID, peers: [], backoff: 60 })),
        idontwant: [{ messageIDs: messageIDs.slice(0, 512) }],
      },
    };
    expect(new RpcScanner().read(framed(most)).fault).toBeUndefined();
  });

  const ids = (length: number) => [
    0x1a,
    length + 4,
    0x12,
    length + 2,
    0x0a,
    length,
    ...Array(length).fill(1),
  ];
  it.each([
    ['a message with `from`', [0x12, 6, 0x12, 1, 1, 0x0a, 1, 1]],
    ['a message with `seqno`', [0x12, 2, 0x1a, 0]],
    ['a message with `signature`', [0x12, 2, 0x2a, 0]],
    ['a message with `key`', [0x12, 2, 0x32, 0]],
    ['a second control', [0x1a, 0, 0x1a, 0]],
    ['an id of no byte', ids(0)],
    ['an id of 31 bytes', ids(31)],
    ['an id of 33 bytes', ids(33)],
    ['a field beyond the frame', [0x12, 2, 0x12]],
    ['a field beyond the message it stands in', [0x12, 2, 0x12, 5, 1, 1, 1, 1, 1]],
    ['a number beyond it', [0x0a, 1, 0x08, 1]],
    ['a tag beyond it', [0x0a, 1, 0x88, 1]],
    ['a tag that is longer than need be', [0x92, 0x00, 0]],
    ['a length that is', [0x12, 0x80, 0x00]],
    ['a tag of more than 32 bits', [0x92, 0x80, 0x80, 0x80, 0x10, 0]],
    ['a tag without end', Array(12).fill(0xff)],
    ['a control that claims to be a number', [0x18, 2, 0x0a, 0]],
    ['a flag that claims to be bytes', [0x0a, 2, 0x0a, 0]],
    ['a group', [0x53, 0x54]],
  ])('is malformed where a frame has %s', (_, content) => {
    const frame = prefixed(content.length, Buffer.from(content));
    expect(new RpcScanner().read(frame).fault).toBe('gossip-rpc-malformed');
  });

  it('is malformed where the length of a frame is longer than need be: the decoder would begin elsewhere', () => {
    expect(new RpcScanner().read(Buffer.of(0x82, 0x00, 0x12, 0)).fault).toBe('gossip-rpc-malformed');
  });

  it('may have fields that nobody knows yet', () => {
    const frame = Buffer.of(20, 0x52, 1, 9, 0x58, 7, 0x61, ...Array(8).fill(1), 0x6d, 1, 1, 1, 1);
    expect(new RpcScanner().read(frame)).toEqual({ bytes: frame.length, items: 5 });
  });

  it.each([
    ['one byte too large', [0x81, 0x80, 0x80, 0x05]],
    ['100 MB', [0x80, 0xc2, 0xd7, 0x2f]],
    ['beyond all numbers', Array(12).fill(0xff)],
  ])('is too large where a frame is %s', (_, bytes) => {
    expect(MAX_RPC_BYTES).toBe(10 << 20);
    expect(new RpcScanner().read(Uint8Array.from(bytes)).fault).toBe('gossip-rpc-size');
  });

  it.each([
    ['subscriptions', [], 0x0a],
    ['messages', [], 0x12],
    ['payloads of one message', [0x12], 0x12],
    ['announcements', [0x1a], 0x0a],
    ['topics of one announcement', [0x1a, 0x0a], 0x0a],
    ['backoffs of one PRUNE', [0x1a, 0x22], 0x18],
    ['peers of one PRUNE', [0x1a, 0x22], 0x12],
    ['names of one such peer', [0x1a, 0x22, 0x12], 0x0a],
    ['fields that nobody knows', [0x1a, 0x22, 0x12], 0x52],
  ])('is a flood where a frame holds more empty %s than it may fields', (_, outer, tag) => {
    const nested = (count: number) => {
      const content = Buffer.alloc(2 * count, Buffer.of(tag, 0));
      const whole = outer.reduceRight<Buffer>(
        (inner, field) => Buffer.concat([Buffer.of(field), prefixed(inner.length, inner)]),
        content,
      );
      return prefixed(whole.length, whole);
    };
    const most = MAX_RPC_FIELDS - outer.length;
    expect(new RpcScanner().read(nested(most)).fault).toBeUndefined();
    const { bytes, fault } = new RpcScanner().read(nested(10 * most));
    expect(fault).toBe('gossip-rpc-flood');
    expect(bytes).toBeLessThan(2 * MAX_RPC_FIELDS + 20);
  });

  it('counts empty frames, and empty fields', () => {
    expect(new RpcScanner().read(new Uint8Array(1_000)).items).toBe(1_000);
    const fields = Uint8Array.from([20, ...Array(10).fill([0x0a, 0]).flat()]);
    expect(new RpcScanner().read(fields).items).toBe(11);
  });
});
