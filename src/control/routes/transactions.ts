/** `/transactions`: sends a payment, and shows where one is. */
import type { FastifyInstance } from 'fastify';
import { canonicalJson, type PendingTransaction } from '../../chain/index.js';
import { wrongMethod } from '../calls.js';
import type { ControlledNode } from '../controlled-node.js';
import { JSON_TYPE, jsonList, jsonStream } from '../json-stream.js';
import { Problem } from '../problem.js';
import { CALLS } from '../schemas/calls.js';
import { isoTime } from '../schemas/common.js';
import type { Static } from '../schemas/static.js';
import type {
  FoundTransactionAnswer,
  PendingAnswer,
  SentAnswer,
  TRANSACTION_PARAMS,
} from '../schemas/transactions.js';

export function addTransactionCalls(app: FastifyInstance, node: ControlledNode): void {
  app.post(
    '/transactions/new',
    { schema: CALLS['POST /transactions/new'] },
    async ({ body = {} }, reply): Promise<SentAnswer> => {
      const { transaction, status, block } = await node.send(body);
      const { id } = transaction;
      if (status === 'in_block') return { message: `Transaction is in Block ${block} already`, id };
      reply.code(201);
      return { message: `Transaction will be added to Block ${block}`, id };
    },
  );

  // Without this, "new" would be taken for an id.
  app.get('/transactions/new', { exposeHeadRoute: false, schema: { hide: true } }, async ({ method }) => {
    throw wrongMethod(method, '/transactions/new', ['POST']);
  });

  app.get(
    '/transactions/pending',
    {
      exposeHeadRoute: false,
      schema: CALLS['GET /transactions/pending'],
    },
    async (_request, reply) => reply.type(JSON_TYPE).send(jsonStream(jsonList(pendingTexts(node.pending())))),
  );

  app.get<{ Params: Static<typeof TRANSACTION_PARAMS> }>(
    '/transactions/:id',
    { schema: CALLS['GET /transactions/:id'] },
    async ({ params: { id } }): Promise<FoundTransactionAnswer> => {
      const found = await node.transaction(id);
      if (found === undefined) {
        throw new Problem(
          404,
          `no transaction has the id ${id}: none that waits for a block, and none of our chain that has a nonce (without one, as rewards are, none is found)`,
        );
      }
      const { transaction, block, confirmations } = found;
      return { id, transaction, status: block === null ? 'pending' : 'in_block', block, confirmations };
    },
  );
}

function* pendingTexts(entries: Iterable<PendingTransaction>): Generator<[Buffer]> {
  for (const { transaction, receivedAt, from } of entries) {
    const { id } = transaction;
    const answer: PendingAnswer = { id, transaction, received_at: isoTime(receivedAt), from };
    yield [Buffer.from(canonicalJson(answer), 'latin1')];
  }
}
