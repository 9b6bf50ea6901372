/** `/chain` and `/nodes/resolve`: the chain as the tutorial's nodes show it, streamed from one unchanging view of it. */
import type { FastifyInstance } from 'fastify';
import { withAny } from '../../with-any.js';
import { clientGone } from '../client-gone.js';
import type { ControlledNode } from '../controlled-node.js';
import { JSON_TYPE, jsonList, jsonStream } from '../json-stream.js';
import { refusePrefetch } from '../safety/origin.js';
import { type CHAIN_QUERY, MESSAGE_AUTHORITATIVE, MESSAGE_REPLACED } from '../schemas/blocks.js';
import { CALLS } from '../schemas/calls.js';
import type { Static } from '../schemas/static.js';

type Page = Static<typeof CHAIN_QUERY>;

export function addChainCalls(app: FastifyInstance, node: ControlledNode, stopping: AbortSignal): void {
  app.get<{ Querystring: Page }>(
    '/chain',
    {
      exposeHeadRoute: false,
      schema: CALLS['GET /chain'],
    },
    async ({ query }, reply) =>
      reply
        .type(JSON_TYPE)
        .send(jsonStream(chainText(node, query, '{"chain": ', (length) => `, "length": ${length}}`))),
  );

  app.get(
    '/nodes/resolve',
    {
      // HEAD would replace the chain and not say so.
      exposeHeadRoute: false,
      onRequest: refusePrefetch,
      schema: CALLS['GET /nodes/resolve'],
    },
    async (_request, reply) => {
      const replaced = await withAny([clientGone(reply), stopping], (signal) => node.resolve(signal));
      const [message, key] = replaced ? [MESSAGE_REPLACED, 'new_chain'] : [MESSAGE_AUTHORITATIVE, 'chain'];
      const text = chainText(node, {}, `{"message": "${message}", "${key}": `, () => '}');
      return reply.type(JSON_TYPE).send(jsonStream(text));
    },
  );
}

/** @param tail what follows the blocks, from the length of the whole chain */
async function* chainText(
  node: ControlledNode,
  { from = 1, limit = Number.POSITIVE_INFINITY }: Page,
  head: string,
  tail: (length: number) => string,
): AsyncGenerator<string | Uint8Array> {
  const snapshot = await node.snapshot();
  try {
    const { length } = snapshot.head;
    const to = Math.min(length, from + limit - 1);
    yield head;
    yield* jsonList(from <= to ? snapshot.pieces(from, to) : []);
    yield tail(length);
  } finally {
    await snapshot.close();
  }
}
