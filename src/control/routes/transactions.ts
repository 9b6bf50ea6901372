/** `/transactions`: sends a payment, and shows where one is. */
import type { FastifyInstance } from 'fastify';
import { canonicalJson, type PendingTransaction } from '../../chain/index.js';
import { wrongMethod } from '../calls.js';
import type { ControlledNode } from '../controlled-node.js';
import { JSON_TYPE, jsonList, jsonStream } from '../json-stream.js';
import { Problem } from '../problem.js';
import { isoTime } from '../schemas/common.js';
import { errors } from '../schemas/error.js';
import type { Static } from '../schemas/static.js';
import {
  FOUND_TRANSACTION,
  type FoundTransactionAnswer,
  NEW_TRANSACTION,
  PENDING_TRANSACTIONS,
  type PendingAnswer,
  SENT_TRANSACTION,
  type SentAnswer,
  TRANSACTION_PARAMS,
} from '../schemas/transactions.js';

export function addTransactionCalls(app: FastifyInstance, node: ControlledNode): void {
  app.post(
    '/transactions/new',
    {
      schema: {
        summary: 'Send a transaction',
        description:
          'It is on disk and on its way to the peers when the answer comes. With a nonce, a retry is not a second payment.',
        body: NEW_TRANSACTION,
        response: {
          200: { ...SENT_TRANSACTION, description: 'It is in a block already.' },
          201: SENT_TRANSACTION,
          ...errors(400, 409, 413, 415, 503),
        },
      },
    },
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
      schema: {
        summary: 'Transactions that wait for a block',
        response: { 200: PENDING_TRANSACTIONS, ...errors(503) },
      },
    },
    async (_request, reply) => reply.type(JSON_TYPE).send(jsonStream(jsonList(pendingTexts(node.pending())))),
  );

  app.get<{ Params: Static<typeof TRANSACTION_PARAMS> }>(
    '/transactions/:id',
    {
      schema: {
        summary: 'A transaction, and where it is',
        params: TRANSACTION_PARAMS,
        response: { 200: FOUND_TRANSACTION, ...errors(400, 404) },
      },
    },
    async ({ params: { id } }): Promise<FoundTransactionAnswer> => {
      const found = await node.transaction(id);
      if (found === undefined) {
        throw new Problem(
          404,
          `no transaction has the id ${id}: it waits for no block, and is in none of our chain`,
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
