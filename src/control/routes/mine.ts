/** `/mine`: forges one block. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isJsonObject } from '../../chain/index.js';
import { withAny } from '../../with-any.js';
import { clientGone } from '../client-gone.js';
import type { ControlledNode } from '../controlled-node.js';
import { Problem } from '../problem.js';
import { refusePrefetch } from '../safety/origin.js';
import { type ForgedAnswer, MESSAGE_FORGED } from '../schemas/blocks.js';
import { CALLS } from '../schemas/calls.js';

export function addMineCalls(app: FastifyInstance, node: ControlledNode, stopping: AbortSignal): void {
  const mine = async (_request: FastifyRequest, reply: FastifyReply): Promise<ForgedAnswer> => {
    const block = await withAny([clientGone(reply), stopping], (signal) => node.mine(signal));
    const { index, transactions, proof, previous_hash } = block;
    return { message: MESSAGE_FORGED, index, transactions, proof, previous_hash };
  };
  // HEAD would forge a block and not say so.
  app.get('/mine', { schema: CALLS['GET /mine'], exposeHeadRoute: false, onRequest: refusePrefetch }, mine);
  app.post('/mine', { schema: CALLS['POST /mine'], preValidation: refuseBody }, mine);
}

async function refuseBody({ body }: FastifyRequest): Promise<void> {
  if (body === undefined || (isJsonObject(body) && Object.keys(body).length === 0)) return;
  throw new Problem(400, 'mining takes no body: send none, or {}');
}
