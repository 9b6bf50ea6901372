import './with-resolvers.js';
import { noise } from '@chainsafe/libp2p-noise';
import type { PeerId, Stream } from '@libp2p/interface';
import { tcp } from '@libp2p/tcp';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { UNCOUNTED } from '../bounds.js';
import { withAny } from '../with-any.js';
import * as limits from './constants.js';
import { muxer } from './muxer.js';

/** What a visitor can do: open streams to whom it visits. */
export interface VisitedPeer {
  readonly peer: PeerId;
  openStream(
    peer: PeerId,
    protocol: string,
    options: { signal: AbortSignal; maxOutboundStreams: number },
  ): Promise<Stream>;
}

/**
 * Reaches a peer for one question, under a name of its own that is used once. It does not say who it is, so that the
 * peer never counts it among its peers; it is gone when the question is answered.
 *
 * @param addresses of one peer, with its peer id
 * @throws what dialling or the question throws; text of libp2p's, not for people
 */
export async function visit<T>(
  addresses: readonly string[],
  ask: (visited: VisitedPeer) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const host = await createLibp2p({
    addresses: { listen: [] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [muxer(UNCOUNTED)],
    connectionManager: { addressDialTimeout: limits.VISIT_MS, dialTimeout: limits.VISIT_MS },
  });
  try {
    const targets = addresses.slice(0, limits.MAX_ADDRESSES_PER_PEER).map((text) => multiaddr(text));
    const connection = await withAny([signal, AbortSignal.timeout(limits.VISIT_MS)], (either) =>
      host.dial(targets, { signal: either }),
    );
    return await ask({
      peer: connection.remotePeer,
      openStream: (_peer, protocol, options) => connection.newStream(protocol, options),
    });
  } finally {
    await host.stop();
  }
}
