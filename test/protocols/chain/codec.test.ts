import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Ask,
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  encodeRequest,
} from '../../../protocols/chain/codec.js';
import { MAX_FRAME_ITEMS, MAX_LOCATOR_HASHES, MAX_WANTED_IDS } from '../../../protocols/chain/constants.js';
import { ChainProtocolError } from '../../../protocols/chain/errors.js';
import { Answer, Request } from '../../../protocols/chain/messages.js';
import { HEAD, headRequest, id, NETWORK_ID } from './support.js';

const hash = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
const head = fc.record({
  length: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  hash,
  pending: fc.maxSafeNat(),
  digest: hash,
});
const ask: fc.Arbitrary<Ask> = fc.oneof(
  head.map((value): Ask => ({ kind: 'head', head: value })),
  fc.record({
    kind: fc.constant('blocks' as const),
    locator: fc.array(hash, { minLength: 1, maxLength: MAX_LOCATOR_HASHES }),
    limit: fc.integer({ min: 1, max: 8192 }),
  }),
  fc.option(hash, { nil: undefined }).map((after): Ask => ({ kind: 'pending-ids', after })),
  fc.array(hash, { minLength: 1, maxLength: 40 }).map((ids): Ask => ({ kind: 'pending-transactions', ids })),
);
const answer = fc.record({
  status: fc.constantFrom(undefined, 'ok', 'wrong-network', 'bad-request', 'busy'),
  last: fc.boolean(),
  reason: fc.string({ maxLength: 256 }),
  network: fc.option(
    fc.record({ name: fc.string(), difficulty: fc.integer({ min: 0, max: 16 }), genesisHash: hash }),
    { nil: undefined },
  ),
  head: fc.option(head, { nil: undefined }),
  blocks: fc.array(fc.uint8Array()),
  ids: fc.array(hash),
  transactions: fc.array(fc.uint8Array()),
});

/** Valid messages with some bytes changed, cut or added, and plain noise. */
const noise = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .tuple(
      fc.oneof(
        ask.map((value) => encodeRequest({ networkId: NETWORK_ID, ask: value })),
        answer.map(encodeAnswer),
      ),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
      fc.nat(),
    )
    .map(([bytes, changes, cut]) => {
      const changed = bytes.slice(0, bytes.length - (cut % 3));
      for (const [at, value] of changes) if (changed.length > 0) changed[at % changed.length] = value;
      return changed;
    }),
);

function code(decode: () => unknown): string {
  try {
    decode();
    return 'taken';
  } catch (error) {
    if (error instanceof ChainProtocolError) return error.code;
    throw error;
  }
}

describe('a request', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(ask, (value) => {
        const request = { networkId: NETWORK_ID, ask: value };
        expect(decodeRequest(encodeRequest(request))).toEqual(request);
      }),
    );
  });

  it('may leave the limit to the responder, and gets no more than that', () => {
    const limits = [undefined, 0, 5, 9000].map((limit) => {
      const bytes = Request.encode({
        networkId: Buffer.from(NETWORK_ID, 'hex'),
        blocks: { locator: [new Uint8Array(32)], limit },
      });
      const { ask: read } = decodeRequest(bytes);
      return read.kind === 'blocks' ? read.limit : undefined;
    });
    expect(limits).toEqual([8192, 8192, 5, 8192]);
  });

  const network = new Uint8Array(8);
  const hashes = (count: number, size = 32) => Array.from({ length: count }, () => new Uint8Array(size));
  const good = { length: 1, hash: new Uint8Array(32), pending: 0, digest: new Uint8Array(32) };
  it.each<[string, Partial<Request>]>([
    ['no network', { head: good }],
    ['a network id of 7 bytes', { networkId: new Uint8Array(7), head: good }],
    ['nothing asked', { networkId: network }],
    ['a chain of no blocks', { networkId: network, head: { ...good, length: 0 } }],
    ['a head without hash', { networkId: network, head: { ...good, hash: undefined } }],
    ['a digest of 31 bytes', { networkId: network, head: { ...good, digest: new Uint8Array(31) } }],
    ['an empty locator', { networkId: network, blocks: { locator: [] } }],
    ['65 hashes in the locator', { networkId: network, blocks: { locator: hashes(MAX_LOCATOR_HASHES + 1) } }],
    ['a hash of 33 bytes', { networkId: network, blocks: { locator: hashes(1, 33) } }],
    ['an `after` of no bytes', { networkId: network, pendingIds: { after: new Uint8Array(0) } }],
    ['no ids', { networkId: network, pendingTransactions: { ids: [] } }],
    ['1,025 ids', { networkId: network, pendingTransactions: { ids: hashes(MAX_WANTED_IDS + 1) } }],
  ])('is malformed with %s', (_what, request) => {
    expect(code(() => decodeRequest(Request.encode(request)))).toBe('malformed');
  });

  it('is malformed where it nests groups deeper than any stack', () => {
    expect(code(() => decodeRequest(new Uint8Array(60_000).fill(0x0b | 0x70)))).toBe('malformed');
  });

  it('is malformed with a length beyond 2^53', () => {
    const bytes = headRequest();
    const at = bytes.indexOf(0x08, 12);
    const length = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f);
    const changed = Uint8Array.from([...bytes.slice(0, at + 1), ...length, ...bytes.slice(at + 2)]);
    changed[11] = (changed[11] ?? 0) + length.length - 1;
    expect(code(() => decodeRequest(changed))).toBe('malformed');
  });
});

describe('a frame of an answer', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(answer, (frame) => {
        expect(decodeAnswer(encodeAnswer(frame))).toEqual(frame);
      }),
    );
  });

  it.each<[string, Partial<Answer>]>([
    ['blocks', { blocks: Array<Uint8Array<ArrayBuffer>>(MAX_FRAME_ITEMS + 1).fill(new Uint8Array(0)) }],
    ['ids', { ids: Array<Uint8Array<ArrayBuffer>>(MAX_FRAME_ITEMS + 1).fill(new Uint8Array(32)) }],
    [
      'transactions',
      { transactions: Array<Uint8Array<ArrayBuffer>>(MAX_FRAME_ITEMS + 1).fill(new Uint8Array(0)) },
    ],
  ])('is malformed with more than 2,048 %s', (_what, frame) => {
    expect(code(() => decodeAnswer(Answer.encode(frame)))).toBe('malformed');
  });

  it('is malformed with a status that no one knows, or that is never sent', () => {
    expect(code(() => decodeAnswer(Uint8Array.of(0x08, 0x63)))).toBe('malformed');
    expect(code(() => decodeAnswer(Uint8Array.of(0x08, 0x00)))).toBe('malformed');
  });

  it('is taken with fields that a later version may add', () => {
    const bytes = Uint8Array.from([
      ...encodeAnswer({ status: 'ok', head: HEAD, ids: [id(1)] }),
      0xa2,
      0x06,
      1,
      7,
    ]);
    expect(decodeAnswer(bytes)).toMatchObject({ status: 'ok', head: HEAD, ids: [id(1)] });
  });

  it('keeps no more of a text than is shown', () => {
    expect(decodeAnswer(Answer.encode({ reason: 'x'.repeat(10_000) })).reason).toHaveLength(256);
  });
});

describe('the decoders', () => {
  it('throw nothing but a ChainProtocolError, whatever the bytes', () => {
    fc.assert(
      fc.property(noise, (bytes) => {
        expect(['taken', 'malformed']).toContain(code(() => decodeRequest(bytes)));
        expect(['taken', 'malformed']).toContain(code(() => decodeAnswer(bytes)));
      }),
      { numRuns: 2000 },
    );
  });
});
