/** What peers send over /chain/1.0.0 and over gossip. */
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { Message, TopicValidatorResult } from '@chainsafe/libp2p-gossipsub';
import { RPC } from '@chainsafe/libp2p-gossipsub/message';
import '../../../src/network/with-resolvers.js';
import type { PeerId, Stream } from '@libp2p/interface';
import { mockMuxer, multiaddrConnectionPair } from '@libp2p/utils';
import fc from 'fast-check';
import * as lp from 'it-length-prefixed';
import {
  type AnswerFrame,
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  encodeRequest,
} from '../../../protocols/chain/codec.js';
import { MAX_ANSWER_FRAMES } from '../../../protocols/chain/constants.js';
import { ChainProtocolError } from '../../../protocols/chain/errors.js';
import { FrameStream } from '../../../protocols/chain/frame-stream.js';
import { MAX_RPC_BYTES } from '../../../protocols/gossip/constants.js';
import { Gossip, type Pubsub, topics } from '../../../protocols/gossip/index.js';
import { RpcScanner } from '../../../protocols/gossip/rpc-scanner.js';
import { SILENT } from '../../../src/log.js';
import { anyBlock, anyTransaction } from '../../chain/arbitraries.js';
import { anyRpc, framed, itemsIn } from '../../protocols/gossip/arbitraries.js';
import { anyHex } from '../arbitraries.js';
import { readerOf, type Target } from '../target.js';

const anyHash = anyHex(64);
const anyHead = fc.record({
  length: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  hash: anyHash,
  pending: fc.maxSafeNat(),
  digest: anyHash,
});
const hashes = fc.array(anyHash, { minLength: 1, maxLength: 4 });
const anyAsk = fc.oneof(
  fc.record({ kind: fc.constant('head' as const), head: anyHead }),
  fc.record({
    kind: fc.constant('blocks' as const),
    locator: hashes,
    limit: fc.integer({ min: 1, max: 1_000 }),
  }),
  fc.record({ kind: fc.constant('pending-ids' as const), after: fc.option(anyHash, { nil: undefined }) }),
  fc.record({ kind: fc.constant('pending-transactions' as const), ids: hashes }),
);

export const chainRequestTarget: Target = {
  name: 'chain-request',
  valid: fc.record({ networkId: anyHex(16), ask: anyAsk }).map(encodeRequest),
  open: () => readerOf([ChainProtocolError], (input) => encodeRequest(decodeRequest(input))),
};

const anyAnswer: fc.Arbitrary<Partial<AnswerFrame>> = fc.record(
  {
    status: fc.constantFrom('ok', 'wrong-network', 'bad-request', 'busy'),
    last: fc.boolean(),
    reason: fc.string(),
    network: fc.record({ name: fc.string(), difficulty: fc.nat(16), genesisHash: anyHash }),
    head: anyHead,
    blocks: fc.array(
      anyBlock.map(({ bytes }) => bytes),
      { maxLength: 2 },
    ),
    ids: hashes,
    transactions: fc.array(
      anyTransaction.map(({ bytes }) => bytes),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: [] },
);

export const chainAnswerTarget: Target = {
  name: 'chain-answer',
  valid: anyAnswer.map(encodeAnswer),
  open: () => readerOf([ChainProtocolError], (input) => encodeAnswer(decodeAnswer(input))),
};

/** Above any input's size: what is fuzzed are the lengths. */
const FRAME_LIMITS = { frameBytes: 300 << 10, totalBytes: 1 << 20 };
const PATIENCE_MS = 10_000;

export const chainFramesTarget: Target = {
  name: 'chain-frames',
  valid: fc
    .array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 })
    .map((frames) => Buffer.concat(frames.map((frame) => lp.encode.single(frame).subarray()))),
  open: () => {
    // One connection for all inputs: making it takes longer than what is fuzzed.
    const [near, far] = multiaddrConnectionPair();
    const theirEnd = mockMuxer().createStreamMuxer(near);
    const ourEnd = mockMuxer().createStreamMuxer(far);
    return {
      ...readerOf([ChainProtocolError], async (input) => {
        const opened = once(ourEnd, 'stream') as Promise<[CustomEvent<Stream>]>;
        const theirs = await theirEnd.createStream();
        const [{ detail: ours }] = await opened;
        return await readFrames(input, theirs, ours);
      }),
      close: async () => near.abort(new Error('over')),
    };
  },
};

async function readFrames(input: Uint8Array, theirs: Stream, ours: Stream): Promise<Uint8Array> {
  const stream = new FrameStream(ours, FRAME_LIMITS);
  const frames: Uint8Array[] = [];
  try {
    const middle = input.length >> 1;
    for (const piece of [input.subarray(0, middle), input.subarray(middle)])
      if (piece.length > 0) theirs.send(piece);
    theirs.close().catch(() => undefined);
    while (frames.length < MAX_ANSWER_FRAMES) {
      const frame = await stream.read(PATIENCE_MS);
      if (frame === undefined) return Buffer.concat(frames);
      frames.push(lp.encode.single(frame).subarray());
    }
    throw new ChainProtocolError('too-large', 'more frames than anybody takes');
  } finally {
    stream.abort(new Error('read'));
    theirs.abort(new Error('read'));
    // What both leave to be done at the loop's next turn holds their memory.
    await turn();
  }
}

const NETWORK_ID = '515b81d5a2aeb7ed';
const PEER = { toString: () => 'a peer' } as PeerId;

export const gossipTarget: Target = {
  name: 'gossip',
  canonical: true,
  valid: fc.oneof(
    anyTransaction.map(({ bytes }) => bytes),
    anyBlock.map(({ bytes }) => bytes),
  ),
  open: () => {
    const validators = new Map<string, (from: PeerId, message: Message) => Promise<TopicValidatorResult>>();
    const pubsub = { topicValidators: validators, subscribe() {}, addEventListener() {} };
    let taken: Uint8Array | undefined;
    let code = '';
    const take = async ({ bytes }: { bytes: Uint8Array }) => {
      taken = bytes;
      return 'accept' as const;
    };
    const log = {
      ...SILENT,
      debug: (fields: { code?: string }) => {
        code = fields.code ?? 'ignored';
      },
      error: (fields: object) => {
        throw (fields as { error: unknown }).error;
      },
    };
    new Gossip(
      pubsub as unknown as Pubsub,
      NETWORK_ID,
      { transaction: take, block: take, joined() {}, notPassedOn() {} },
      log,
    ).start();
    const { transactions, blocks } = topics(NETWORK_ID);
    return {
      read: async (data) => {
        taken = undefined;
        for (const topic of [transactions, blocks])
          await validators.get(topic)?.(PEER, { type: 'unsigned', topic, data });
        return taken === undefined ? { refused: code } : { written: taken };
      },
    };
  },
};

/** What the scanner lets pass is decoded whole: no more may be found there than it has counted. */
export const gossipFramesTarget: Target = {
  name: 'gossip-frames',
  valid: fc.array(anyRpc, { minLength: 1, maxLength: 4 }).map((rpcs) => Buffer.concat(rpcs.map(framed))),
  open: () => ({
    read: (input) => {
      const { items, fault } = new RpcScanner().read(input);
      if (fault !== undefined) return { refused: fault };
      const found = wholeFrames(input).reduce((sum, frame) => sum + itemsIn(RPC.decode(frame)), 0);
      if (found > items) throw new Error(`${found} items where ${items} were counted`);
      return {};
    },
  }),
};

/** As gossipsub takes them from a stream. */
function wholeFrames(input: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = [];
  try {
    for (const frame of lp.decode([input], { maxDataLength: MAX_RPC_BYTES })) frames.push(frame.subarray());
  } catch (error) {
    // The last has not ended yet.
    if ((error as Error).name !== 'UnexpectedEOFError') throw error;
  }
  return frames;
}
