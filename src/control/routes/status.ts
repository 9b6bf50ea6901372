/** `/status` and `/health`: how the node is. */
import type { FastifyInstance } from 'fastify';
import type { NodeStatus } from '../../node/index.js';
import type { ControlledNode } from '../controlled-node.js';
import { CALLS } from '../schemas/calls.js';
import { isoTime } from '../schemas/common.js';
import type { HealthAnswer, StatusAnswer } from '../schemas/status.js';

/** The one call that needs no token: another node asks it before the two know each other. */
const HEALTH_PATH = '/health';

export function addStatusCalls(app: FastifyInstance, node: ControlledNode): void {
  app.get(
    '/status',
    { schema: CALLS['GET /status'] },
    async (): Promise<StatusAnswer> => show(node.status()),
  );

  app.get(
    HEALTH_PATH,
    {
      config: { open: () => true },
      schema: CALLS['GET /health'],
    },
    async (): Promise<HealthAnswer> => ({
      status: 'ok',
      network_id: node.networkId,
      peer_id: node.peerId,
      addresses: node.addresses(),
    }),
  );
}

function show(status: NodeStatus): StatusAnswer {
  const { mining } = status;
  return {
    version: status.version,
    name: status.name,
    network: status.network.name,
    network_id: status.networkId,
    peer_id: status.peerId,
    addresses: [...status.addresses],
    length: status.head.length,
    head: status.head.hash,
    difficulty: status.network.difficulty,
    peers: status.peers,
    pending: status.pending,
    mining: mining && {
      index: mining.index,
      tried: mining.tried,
      rate: mining.rate,
      since: isoTime(mining.since),
    },
    tied_heads: [...status.tiedHeads],
  };
}
