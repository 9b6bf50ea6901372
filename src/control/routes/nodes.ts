/** `/nodes/register`: connects to nodes that are named. */
import type { FastifyInstance } from 'fastify';
import { withAny } from '../../with-any.js';
import { clientGone } from '../client-gone.js';
import type { ControlledNode } from '../controlled-node.js';
import { introduce } from '../introduction/introduce.js';
import { readNodes } from '../introduction/node-address.js';
import { CALLS } from '../schemas/calls.js';
import type { RegisteredAnswer } from '../schemas/peers.js';

export function addNodeCalls(app: FastifyInstance, node: ControlledNode, stopping: AbortSignal): void {
  app.post(
    '/nodes/register',
    { schema: CALLS['POST /nodes/register'] },
    async ({ body }, reply): Promise<RegisteredAnswer> => {
      await withAny([clientGone(reply), stopping], (signal) => introduce(node, readNodes(body), signal));
      reply.code(201);
      const addresses = new Set(node.peers().flatMap((peer) => peer.addresses));
      return { message: 'New nodes have been added', total_nodes: [...addresses].sort() };
    },
  );
}
