/** `/mine`: forges one block. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isJsonObject } from '../../chain/index.js';
import { clientGone } from '../client-gone.js';
import type { ControlledNode } from '../controlled-node.js';
import { Problem } from '../problem.js';
import { refusePrefetch } from '../safety/origin.js';
import { FORGED_BLOCK, type ForgedAnswer, MESSAGE_FORGED } from '../schemas/blocks.js';
import { errors } from '../schemas/error.js';

export function addMineCalls(app: FastifyInstance, node: ControlledNode, stopping: AbortSignal): void {
  const schema = {
    summary: 'Forge one block',
    description:
      'Searches for a proof and answers with the block that this call forged. Calls wait for one another, up to a bound.',
    response: { 200: FORGED_BLOCK, ...errors(429, 503) },
  };
  const mine = async (_request: FastifyRequest, reply: FastifyReply): Promise<ForgedAnswer> => {
    const block = await node.mine(AbortSignal.any([clientGone(reply), stopping]));
    const { index, transactions, proof, previous_hash } = block;
    return { message: MESSAGE_FORGED, index, transactions, proof, previous_hash };
  };
  // HEAD would forge a block and not say so.
  app.get('/mine', { schema, exposeHeadRoute: false, onRequest: refusePrefetch }, mine);
  app.post('/mine', { schema, preValidation: refuseBody }, mine);
}

async function refuseBody({ body }: FastifyRequest): Promise<void> {
  if (body === undefined || (isJsonObject(body) && Object.keys(body).length === 0)) return;
  throw new Problem(400, 'mining takes no body: send none, or {}');
}
