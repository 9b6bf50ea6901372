import type { Stream } from '@libp2p/interface';
import { describe, expect, it, vi } from 'vitest';
import { encodeRequest } from '../../../protocols/chain/codec.js';
import {
  MAX_SERVED_AT_ONCE,
  MAX_SERVED_PER_PEER,
  REQUEST_BURST,
} from '../../../protocols/chain/constants.js';
import {
  collect,
  exchange,
  failure,
  GENESIS,
  HEAD,
  headRequest,
  IMPATIENT,
  id,
  MemorySource,
  NETWORK_ID,
  newPeerId,
  prefixed,
  serve,
} from './support.js';

const bytesOf = (...parts: (Uint8Array | number[])[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const reset = (stream: Stream) => vi.waitFor(() => expect(['reset', 'aborted']).toContain(stream.status));

describe('the server', () => {
  it('answers a head with its own, and tells its source who asked', async () => {
    const source = new MemorySource();
    source.blocks = [Uint8Array.of(1)];
    const { asker, open } = await serve(source);
    const { stream } = await open();
    const answer = await exchange(stream, prefixed(headRequest()));
    expect(answer).toMatchObject([{ status: 'ok', last: true, head: source.head() }]);
    expect(source.heads).toEqual([{ peer: asker, head: HEAD }]);
  });

  it('answers blocks in frames of which only the first has a status and only the last is marked', async () => {
    const source = new MemorySource();
    source.blocks = Array.from({ length: 1000 }, (_, n) => new Uint8Array(250).fill(n));
    const { client, open } = await serve(source);
    const { stream } = await open();
    const ask = { kind: 'blocks' as const, locator: [GENESIS], limit: 8192 };
    const frames = await exchange(stream, prefixed(encodeRequest({ networkId: NETWORK_ID, ask })));
    expect(frames.map(({ status }) => status)).toEqual(['ok', undefined, undefined, undefined]);
    expect(frames.map(({ last }) => last)).toEqual([false, false, false, true]);
    expect(frames.flatMap(({ blocks }) => blocks)).toEqual(source.blocks);
    expect((await collect(client.blocks(await newPeerId(), [GENESIS]))).flat()).toEqual(source.blocks);
  });

  it('sends a block of 1 MiB, and after it no other in the same answer', async () => {
    const source = new MemorySource();
    source.blocks = [new Uint8Array(1 << 20).fill(7), Uint8Array.of(1)];
    const { client } = await serve(source);
    const received = (await collect(client.blocks(await newPeerId(), [GENESIS]))).flat();
    expect(received).toHaveLength(1);
    expect(Buffer.compare(received[0]!, source.blocks[0]!)).toBe(0);
  });

  it('fetches no more from its source than the asker wants', async () => {
    const source = new MemorySource();
    source.blocks = Array.from({ length: 9 }, () => new Uint8Array(250));
    const { client } = await serve(source);
    const received = await collect(client.blocks(await newPeerId(), [GENESIS], { limit: 4 }));
    expect(received.flat()).toHaveLength(4);
    expect(source).toMatchObject({ fetched: 4, closed: 1 });
  });

  it('answers ids after a given one, and the transactions that it still holds', async () => {
    const source = new MemorySource();
    for (let n = 1; n <= 5; n += 1) source.pending.set(id(n), new Uint8Array(n));
    const { client, asker } = await serve(source);
    expect(await client.pendingIds(asker)).toEqual([1, 2, 3, 4, 5].map(id));
    expect(await client.pendingIds(asker, id(3))).toEqual([4, 5].map(id));
    expect(await client.pendingIds(asker, id(5))).toEqual([]);
    const transactions = await client.pendingTransactions(asker, [4, 9, 2].map(id));
    expect(transactions).toEqual([new Uint8Array(4), new Uint8Array(2)]);
  });

  it('tells a peer of another network its own name, difficulty and genesis, and nothing else', async () => {
    const source = new MemorySource();
    const { open } = await serve(source);
    const { stream } = await open();
    const answer = await exchange(stream, prefixed(headRequest('00'.repeat(8))));
    expect(answer).toMatchObject([
      {
        status: 'wrong-network',
        last: true,
        head: undefined,
        network: { name: 'gossipchain', difficulty: 4, genesisHash: GENESIS },
      },
    ]);
    expect(source.heads).toEqual([]);
  });

  it('calls a locator of which it knows nothing a bad request', async () => {
    const { client, asker } = await serve();
    const error = await failure(collect(client.blocks(asker, ['ab'.repeat(32)])));
    expect(error).toMatchObject({ code: 'bad-request', atFault: false });
    expect(error.message).toContain('no hash of the locator is known');
  });

  it.each<[string, Uint8Array]>([
    ['that is no protobuf', prefixed(Uint8Array.of(0xff, 0xff, 0xff))],
    ['that is empty', prefixed(new Uint8Array(0))],
    ['announced with 100 MB', bytesOf([0x80, 0xc2, 0xd7, 0x2f], [1, 2, 3])],
    ['whose length never ends', new Uint8Array(50).fill(0x80)],
  ])('answers a request %s with bad request', async (_what, bytes) => {
    const { open, bounds } = await serve(new MemorySource(), IMPATIENT);
    const { stream } = await open();
    expect(await exchange(stream, bytes)).toMatchObject([{ status: 'bad-request', last: true }]);
    expect(bounds.counts.get('chain-request-malformed')).toBe(1);
  });

  it('resets a stream that ends within its request', async () => {
    const { open } = await serve(new MemorySource(), IMPATIENT);
    const { stream, served } = await open();
    stream.send(prefixed(headRequest()).subarray(0, 20));
    await stream.close();
    await served;
    await reset(stream);
  });

  it('resets a stream on which no request comes, or only its beginning', async () => {
    const { open } = await serve(new MemorySource(), IMPATIENT);
    const [silent, slow] = [await open(), await open()];
    slow.stream.send(prefixed(headRequest()).subarray(0, 20));
    await Promise.all([silent.served, slow.served]);
    await Promise.all([reset(silent.stream), reset(slow.stream)]);
  });

  it('holds no more of what a peer pours in than one request may have', async () => {
    const { open } = await serve(new MemorySource());
    const { stream } = await open();
    stream.send(bytesOf([0x80, 0xc2, 0xd7, 0x2f], new Uint8Array(200_000)));
    await reset(stream);
  });

  it('resets a stream that is never closed from the other side', async () => {
    const { open } = await serve(new MemorySource(), IMPATIENT);
    const { stream, served } = await open();
    stream.send(prefixed(headRequest()));
    await served;
    expect(stream.status).toBe('open');
    await reset(stream);
  });

  it('answers busy to a peer that asks too often, and not to others', async () => {
    const { client, open, bounds } = await serve();
    let answered = 0;
    const anyone = await newPeerId();
    // The bucket fills while it is emptied, so that how many it takes depends on the machine: few at once are enough.
    const refused = await vi.waitUntil(
      async () => {
        const few = await Promise.allSettled(Array.from({ length: 8 }, () => client.head(anyone, HEAD)));
        answered += few.filter(({ status }) => status === 'fulfilled').length;
        return few.find(({ status }) => status === 'rejected');
      },
      { timeout: 20_000, interval: 0 },
    );
    expect(refused).toMatchObject({ reason: { code: 'busy', atFault: false } });
    expect(answered).toBeGreaterThanOrEqual(REQUEST_BURST);
    expect(bounds.counts.get('chain-request-rate')).toBeGreaterThan(0);
    const other = await open(await newPeerId());
    expect(await exchange(other.stream, prefixed(headRequest()))).toMatchObject([{ status: 'ok' }]);
  });

  /** A server that answers so many requests for blocks, spread over so many peers, and gets no further for now. */
  async function servingAtOnce(requests: number, peers: number) {
    const source = new MemorySource();
    source.blocks = [Uint8Array.of(1)];
    const gate = Promise.withResolvers<void>();
    let waiting = 0;
    source.beforeBlock = () => {
      waiting += 1;
      return gate.promise;
    };
    const serving = await serve(source);
    const { asker, clientOf } = serving;
    const clients = await Promise.all(Array.from({ length: peers }, async () => clientOf(await newPeerId())));
    const served = Array.from({ length: requests }, (_, i) => {
      const answer = collect(clients[i % peers]!.blocks(asker, [GENESIS]));
      answer.catch(() => undefined);
      return answer;
    });
    await vi.waitFor(() => expect(waiting).toBe(requests));
    return { ...serving, clients, served, goOn: gate.resolve, waiting: () => waiting };
  }

  it('answers busy to one request of one peer more than it serves at once, and serves again when one is done', async () => {
    const { clients, asker, bounds, served, goOn } = await servingAtOnce(MAX_SERVED_PER_PEER, 1);
    const [client] = clients;
    expect(await failure(client!.head(asker, HEAD))).toMatchObject({ code: 'busy' });
    expect(bounds.counts.get('chain-served-per-peer')).toBe(1);
    goOn();
    await Promise.all(served);
    await expect(client!.head(asker, HEAD)).resolves.toMatchObject({ length: 2 });
  });

  it('answers busy to who wants more than their share while all are served that it serves at once, and tells anybody its head', async () => {
    const { clients, asker, bounds, served, goOn } = await servingAtOnce(MAX_SERVED_AT_ONCE, 16);
    const [client] = clients;
    expect(await failure(collect(client!.blocks(asker, [GENESIS])))).toMatchObject({ code: 'busy' });
    expect(bounds.counts.get('chain-served-at-once')).toBe(1);
    await expect(client!.head(asker, HEAD)).resolves.toMatchObject({ length: 2 });
    goOn();
    await Promise.all(served);
    expect((await collect(client!.blocks(asker, [GENESIS]))).flat()).toHaveLength(1);
  });

  it('lets nobody take the places of all: who has none takes that of the oldest of whoever has most', async () => {
    const { asker, clientOf, served, goOn, waiting } = await servingAtOnce(MAX_SERVED_AT_ONCE, 8);
    const late = collect(clientOf(await newPeerId()).blocks(asker, [GENESIS]));
    await vi.waitFor(() => expect(waiting()).toBe(MAX_SERVED_AT_ONCE + 1));
    expect(await failure(served[0]!)).toMatchObject({ code: 'unreachable' });
    goOn();
    expect((await late).flat()).toHaveLength(1);
    const ends = await Promise.allSettled(served);
    expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  });

  it('resets the stream when its source fails, and goes on serving', async () => {
    const source = new MemorySource();
    source.blocks = [Uint8Array.of(1)];
    source.beforeBlock = () => Promise.reject(new Error('the disk is gone'));
    const { client, asker } = await serve(source, IMPATIENT);
    expect(await failure(collect(client.blocks(asker, [GENESIS])))).toMatchObject({ code: 'unreachable' });
    await expect(client.head(asker, HEAD)).resolves.toBeDefined();
  });

  it('stops reading its source when the asker is gone', async () => {
    const source = new MemorySource();
    source.blocks = Array.from({ length: 16 }, () => new Uint8Array(60_000));
    const { client, asker } = await serve(source, IMPATIENT);
    let reads = 0;
    const gate = Promise.withResolvers<void>();
    source.beforeBlock = async () => {
      reads += 1;
      if (reads > 4) await gate.promise;
    };
    for await (const _frame of client.blocks(asker, [GENESIS])) break;
    gate.resolve();
    await vi.waitFor(() => expect(source.closed).toBe(1));
    expect(source.fetched).toBeLessThan(16);
  });

  it('answers nothing more once it is stopped, and breaks off what it is answering', async () => {
    const source = new MemorySource();
    source.blocks = Array.from({ length: 3 }, () => new Uint8Array(60_000));
    let reads = 0;
    const gate = Promise.withResolvers<void>();
    source.beforeBlock = async () => {
      reads += 1;
      if (reads > 2) await gate.promise;
    };
    const { client, asker, server } = await serve(source);
    const answer = failure(collect(client.blocks(asker, [GENESIS])));
    await vi.waitFor(() => expect(reads).toBe(3));
    const stopped = server.stop();
    expect(await answer).toMatchObject({ code: 'unreachable', atFault: false });
    gate.resolve();
    await stopped;
    expect(source.closed).toBe(1);
    await server.stop();
    expect(await failure(client.head(asker, HEAD))).toMatchObject({ code: 'unreachable' });
  });
});
