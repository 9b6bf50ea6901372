import { RPC } from '@chainsafe/libp2p-gossipsub/message';
import fc from 'fast-check';
import { encode } from 'it-length-prefixed';
import { describe, expect, it } from 'vitest';
import { MAX_RPC_BYTES } from '../../../protocols/gossip/constants.js';
import { RpcScanner, type Scanned } from '../../../protocols/gossip/rpc-scanner.js';

const message = fc.record({ data: fc.uint8Array({ maxLength: 300 }), topic: fc.string() });
const subscription = fc.record({ subscribe: fc.boolean(), topic: fc.string() });
const control = fc.constant({ ihave: [], iwant: [], graft: [{ topicID: 'a' }], prune: [], idontwant: [] });
const rpc = fc.record({
  messages: fc.array(message, { maxLength: 5 }),
  subscriptions: fc.array(subscription, { maxLength: 5 }),
  control: fc.option(control, { nil: undefined }),
});

function scan(scanner: RpcScanner, pieces: Uint8Array[]): Scanned {
  return pieces
    .map((piece) => scanner.read(piece))
    .reduce((a, b) => ({
      bytes: a.bytes + b.bytes,
      items: a.items + b.items,
      isTooLarge: a.isTooLarge || b.isTooLarge,
    }));
}

describe('what peers send to gossipsub', () => {
  it('is counted by frames and what stands in them, however it is cut to pieces', () => {
    fc.assert(
      fc.property(
        fc.array(rpc, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 50 }),
        (sent, size) => {
          const bytes = Buffer.concat(
            sent.map((one) => encode.single(RPC.encode(one as Parameters<typeof RPC.encode>[0])).subarray()),
          );
          const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
            bytes.subarray(i * size, (i + 1) * size),
          );
          const items = sent.reduce(
            (sum, one) => sum + 1 + one.messages.length + one.subscriptions.length + (one.control ? 1 : 0),
            0,
          );
          expect(scan(new RpcScanner(), pieces)).toEqual({ bytes: bytes.length, items, isTooLarge: false });
        },
      ),
    );
  });

  it('may be anything: it is counted to its end, and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1 }), { minLength: 1 }), (pieces) => {
        const { bytes, isTooLarge } = scan(new RpcScanner(), pieces);
        if (!isTooLarge) expect(bytes).toBe(pieces.reduce((sum, piece) => sum + piece.length, 0));
      }),
    );
  });

  it.each([
    ['one byte too large', [0x81, 0x80, 0x80, 0x05]],
    ['100 MB', [0x80, 0xc2, 0xd7, 0x2f]],
    ['beyond all numbers', Array(12).fill(0xff)],
  ])('is too large where a frame is %s', (_, bytes) => {
    expect(MAX_RPC_BYTES).toBe(10 << 20);
    expect(new RpcScanner().read(Uint8Array.from(bytes)).isTooLarge).toBe(true);
  });

  it('counts empty frames, and empty fields', () => {
    expect(new RpcScanner().read(new Uint8Array(1_000)).items).toBe(1_000);
    const fields = Uint8Array.from([20, ...Array(10).fill([0x0a, 0]).flat()]);
    expect(new RpcScanner().read(fields).items).toBe(11);
  });
});
