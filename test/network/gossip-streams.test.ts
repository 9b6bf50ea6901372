import type { Connection, PeerId, StreamHandler } from '@libp2p/interface';
import { streamPair } from '@libp2p/utils';
import { encode } from 'it-length-prefixed';
import { describe, expect, it } from 'vitest';
import { rpcGuard } from '../../protocols/gossip/rpc-guard.js';
import { UNCOUNTED } from '../../src/bounds.js';
import { gossipRegistrar } from '../../src/network/gossip-streams.js';

const PROTOCOL = '/meshsub/1.2.0';

/** A connection of which nothing is used but its name; nobody answers on it. */
const CONNECTION = {
  remotePeer: { toString: () => 'a peer' } as PeerId,
  status: 'open',
  addEventListener() {},
  newStream: () => new Promise(() => {}),
} as unknown as Connection;

describe('the gossip streams', () => {
  it('lose nothing of what has come before their reader was there', async () => {
    const handlers = new Map<string, StreamHandler>();
    const registrar = gossipRegistrar(
      {
        register: async () => '',
        handle: async (protocol: string, handler: StreamHandler) => void handlers.set(protocol, handler),
      },
      [PROTOCOL],
      rpcGuard(UNCOUNTED),
    );
    const read: Uint8Array[] = [];
    await registrar.handle(PROTOCOL, (stream) => {
      stream.addEventListener('message', ({ data }) => read.push(data.subarray()));
    });
    const [theirs, ours] = await streamPair();
    const first = encode.single(Buffer.from('what it subscribes to')).subarray();
    theirs.send(first);
    await expect.poll(() => ours.readBufferLength).toBe(first.length);
    await handlers.get(PROTOCOL)?.(ours, CONNECTION);
    await expect.poll(() => Buffer.concat(read)).toEqual(Buffer.from(first));
  });
});
