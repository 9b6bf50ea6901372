import type { Stream } from '@libp2p/interface';
import { byteStream } from '@libp2p/utils';
import { describe, expect, it, vi } from 'vitest';
import { ChainClient } from '../../../protocols/chain/client.js';
import { encodeAnswer } from '../../../protocols/chain/codec.js';
import { MAX_ANSWER_FRAMES } from '../../../protocols/chain/constants.js';
import { DEFAULT_NETWORK } from '../../../src/chain/network-spec.js';
import {
  answering,
  clientOf,
  collect,
  failure,
  GENESIS,
  HEAD,
  IMPATIENT,
  id,
  late,
  newPeerId,
  prefixed,
} from './support.js';

const peer = await newPeerId();
const OK_HEAD = encodeAnswer({ status: 'ok', head: HEAD, last: true });

/** A peer that sends these bytes, framed or not, after the request, and no more. */
function sending(bytes: Uint8Array, then: (stream: Stream) => unknown = (stream) => stream.close()) {
  return async (stream: Stream) => {
    await byteStream(stream).read();
    stream.send(bytes);
    await then(stream);
  };
}

const askHead = (behave: (stream: Stream) => Promise<void>) =>
  failure(clientOf(behave).client.head(peer, HEAD));
const askBlocks = (behave: (stream: Stream) => Promise<void>, limit?: number) =>
  failure(collect(clientOf(behave).client.blocks(peer, [GENESIS], { limit })));

describe('the client', () => {
  it('learns which network a peer is of', async () => {
    const network = { name: 'class "B"', difficulty: 2, genesisHash: id(5) };
    const error = await askHead(answering(encodeAnswer({ status: 'wrong-network', network, last: true })));
    expect(error).toMatchObject({ code: 'wrong-network', atFault: false, network });
    expect(error.message).toBe('the peer belongs to the network "class \\"B\\""');
  });

  it.each<[string, Uint8Array[]]>([
    ['an answer without a status', [encodeAnswer({ head: HEAD, last: true })]],
    ['wrong network without a network', [encodeAnswer({ status: 'wrong-network', last: true })]],
    ['no head where one was asked for', [encodeAnswer({ status: 'ok', last: true })]],
    ['a second status', [encodeAnswer({ status: 'ok' }), OK_HEAD]],
    ['what is no protobuf', [Uint8Array.of(0xff, 0xff)]],
  ])('blames a peer for %s', async (_what, frames) => {
    expect(await askHead(answering(...frames))).toMatchObject({ code: 'malformed', atFault: true });
  });

  it('blames a peer for ids that are not in ascending order, or not after the one given', async () => {
    const behave = answering(encodeAnswer({ status: 'ok', ids: [id(3), id(2)], last: true }));
    expect(await failure(clientOf(behave).client.pendingIds(peer))).toMatchObject({ code: 'malformed' });
    const stuck = answering(encodeAnswer({ status: 'ok', ids: [id(3)], last: true }));
    expect(await failure(clientOf(stuck).client.pendingIds(peer, id(3)))).toMatchObject({
      code: 'malformed',
    });
  });

  it('blames a peer that sends more than was asked for', async () => {
    const blocks = encodeAnswer({ status: 'ok', blocks: [Uint8Array.of(1), Uint8Array.of(2)], last: true });
    expect(await askBlocks(answering(blocks), 1)).toMatchObject({ code: 'too-large', atFault: true });
    const transactions = encodeAnswer({
      status: 'ok',
      transactions: [Uint8Array.of(1), Uint8Array.of(2)],
      last: true,
    });
    const { client } = clientOf(answering(transactions));
    expect(await failure(client.pendingTransactions(peer, [id(1)]))).toMatchObject({ code: 'too-large' });
  });

  it('blames a peer whose frame is announced with 100 MB, without waiting for it', async () => {
    const behave = sending(Uint8Array.of(0x80, 0xc2, 0xd7, 0x2f, 1, 2, 3), () => {});
    expect(await askHead(behave)).toMatchObject({ code: 'too-large', atFault: true });
  });

  it('blames a peer whose frames are too many', async () => {
    const frames = Array.from({ length: MAX_ANSWER_FRAMES }, () => encodeAnswer({}));
    expect(await askBlocks(answering(encodeAnswer({ status: 'ok' }), ...frames))).toMatchObject({
      code: 'too-large',
    });
  });

  it('blames a peer that pours in more bytes than an answer has, also while nobody reads them', async () => {
    const frame = prefixed(encodeAnswer({ blocks: [new Uint8Array(200_000)] }));
    const pour = async (stream: Stream) => {
      const input = byteStream(stream);
      await input.read();
      await input.write(prefixed(encodeAnswer({ status: 'ok', blocks: [Uint8Array.of(1)] })));
      for (let n = 0; n < 40 && stream.status === 'open'; n += 1) await input.write(frame);
    };
    expect(await askBlocks(pour)).toMatchObject({ code: 'too-large', atFault: true });

    const { client, streams } = clientOf(pour);
    const answer = client.blocks(peer, [GENESIS]);
    await answer.next();
    await vi.waitFor(() => expect(streams[0]?.status).toBe('aborted'));
    expect(await failure(collect(answer))).toMatchObject({ code: 'too-large' });
  });

  it('tells an answer that breaks off from one that is complete', async () => {
    const first = encodeAnswer({ status: 'ok', blocks: [Uint8Array.of(1)] });
    expect(await askBlocks(answering(first))).toMatchObject({ code: 'unreachable', atFault: false });
    const half = prefixed(OK_HEAD).subarray(0, 40);
    expect(await askHead(sending(half))).toMatchObject({ code: 'unreachable' });
    const gone = sending(prefixed(first), (stream) => stream.abort(new Error('gone')));
    expect(await askBlocks(gone)).toMatchObject({ code: 'unreachable' });
  });

  it('waits only so long for the first frame, the next one, and the rest of one', async () => {
    const silent = async (stream: Stream) => void (await byteStream(stream).read());
    expect(await askHead(silent)).toMatchObject({ code: 'timeout', atFault: false });
    const first = prefixed(encodeAnswer({ status: 'ok', blocks: [Uint8Array.of(1)] }));
    expect(await askBlocks(sending(first, () => {}))).toMatchObject({ code: 'timeout' });
    expect(await askHead(sending(prefixed(OK_HEAD).subarray(0, 40), () => {}))).toMatchObject({
      code: 'timeout',
    });
  });

  it('waits only so long for a whole answer, however steadily its frames drip in', async () => {
    const drip = async (stream: Stream) => {
      await byteStream(stream).read();
      stream.send(prefixed(encodeAnswer({ status: 'ok' })));
      while (stream.status === 'open') stream.send(prefixed(await late(100, encodeAnswer({}))));
    };
    expect(await askBlocks(drip)).toMatchObject({ code: 'timeout' });
  });

  it('does not count against the peer what it takes itself to use a frame', async () => {
    const frames = [1, 2, 3].map((n) =>
      encodeAnswer({ status: n === 1 ? 'ok' : undefined, blocks: [Uint8Array.of(n)], last: n === 3 }),
    );
    const { client } = clientOf(answering(...frames), { ...IMPATIENT, answerMs: 150 });
    const received: number[] = [];
    for await (const [block] of client.blocks(peer, [GENESIS])) {
      received.push(block![0]!);
      await late(100, block!);
    }
    expect(received).toEqual([1, 2, 3]);
  });

  it('gives up opening a stream after its time', async () => {
    const openStream = (_peer: unknown, _protocol: string, { signal }: { signal: AbortSignal }) =>
      new Promise<Stream>((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason)),
      );
    const client = new ChainClient({ openStream }, DEFAULT_NETWORK, IMPATIENT);
    expect(await failure(client.head(peer, HEAD))).toMatchObject({ code: 'timeout' });
  });

  it('says whether a peer cannot be reached or too many streams are open', async () => {
    const refusing = (name: string) => async () => {
      throw Object.assign(new Error('no'), { name });
    };
    const client = (name: string) => new ChainClient({ openStream: refusing(name) }, DEFAULT_NETWORK);
    expect(await failure(client('DialError').head(peer, HEAD))).toMatchObject({ code: 'unreachable' });
    const busy = client('TooManyOutboundProtocolStreamsError');
    expect(await failure(busy.head(peer, HEAD))).toMatchObject({ code: 'busy' });
  });

  it('throws the reason of its signal at every stage, and leaves no stream open', async () => {
    const silent = async (stream: Stream) => void (await byteStream(stream).read());
    const { client, streams } = clientOf(silent);
    await expect(client.head(peer, HEAD, AbortSignal.abort(new Error('early')))).rejects.toThrow('early');
    expect(streams).toHaveLength(0);

    const controller = new AbortController();
    const waiting = client.head(peer, HEAD, controller.signal);
    await vi.waitFor(() => expect(streams[0]?.writeStatus).toBe('closed'));
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(streams[0]?.status).toBe('aborted');
  });

  it('frees the stream when its reader stops early', async () => {
    const first = prefixed(encodeAnswer({ status: 'ok', blocks: [Uint8Array.of(1)] }));
    const { client, streams } = clientOf(sending(first, () => {}));
    for await (const _frame of client.blocks(peer, [GENESIS])) break;
    expect(streams[0]?.status).toBe('aborted');
  });

  it('frees the stream after a whole answer, also where the peer never closes its side', async () => {
    const orderly = clientOf(answering(OK_HEAD));
    await orderly.client.head(peer, HEAD);
    await vi.waitFor(() => expect(orderly.streams[0]?.status).toBe('closed'));
    const open = clientOf(sending(prefixed(OK_HEAD), () => {}));
    await open.client.head(peer, HEAD);
    await vi.waitFor(() => expect(open.streams[0]?.status).toBe('aborted'));
  });

  it('refuses to ask what no peer would answer', async () => {
    const { client, streams } = clientOf(answering(OK_HEAD));
    await expect(collect(client.blocks(peer, []))).rejects.toThrow(RangeError);
    await expect(collect(client.blocks(peer, Array<string>(65).fill(GENESIS)))).rejects.toThrow(RangeError);
    await expect(collect(client.blocks(peer, [GENESIS], { limit: 0 }))).rejects.toThrow(RangeError);
    await expect(client.pendingTransactions(peer, [])).rejects.toThrow(RangeError);
    await expect(client.pendingTransactions(peer, Array<string>(1025).fill(GENESIS))).rejects.toThrow(
      'ids must be from 1 to 1,024, not 1025',
    );
    expect(streams).toHaveLength(0);
  });
});
