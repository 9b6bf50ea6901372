/** `/peers`: who is connected. */
import type { FastifyInstance } from 'fastify';
import type { NodePeer } from '../../node/index.js';
import type { ControlledNode } from '../controlled-node.js';
import { CALLS } from '../schemas/calls.js';
import { isoTime } from '../schemas/common.js';
import type { PeerAnswer } from '../schemas/peers.js';

export function addPeerCall(app: FastifyInstance, node: ControlledNode): void {
  app.get(
    '/peers',
    { schema: CALLS['GET /peers'] },
    async (): Promise<PeerAnswer[]> => node.peers().map(show),
  );
}

function show({
  peerId,
  name,
  addresses,
  direction,
  connectedAt,
  rttMs,
  length,
  head,
}: NodePeer): PeerAnswer {
  return {
    peer_id: peerId,
    name,
    addresses: [...addresses],
    direction,
    connected_at: isoTime(connectedAt),
    rtt_ms: rttMs,
    length,
    head,
  };
}
