/** `/blocks/:index_or_hash`: one block of our chain. */
import type { FastifyInstance } from 'fastify';
import type { ControlledNode } from '../controlled-node.js';
import { Problem } from '../problem.js';
import type { BLOCK_PARAMS, FoundBlockAnswer } from '../schemas/blocks.js';
import { CALLS } from '../schemas/calls.js';
import { HASH } from '../schemas/common.js';
import type { Static } from '../schemas/static.js';

const IS_HASH = new RegExp(HASH.pattern);

export function addBlockCalls(app: FastifyInstance, node: ControlledNode): void {
  app.get<{ Params: Static<typeof BLOCK_PARAMS> }>(
    '/blocks/:index_or_hash',
    { schema: CALLS['GET /blocks/:index_or_hash'] },
    async ({ params: { index_or_hash: name } }): Promise<FoundBlockAnswer> => {
      const isHash = IS_HASH.test(name);
      const isPossible = isHash || (Number(name) >= 1 && Number.isSafeInteger(Number(name)));
      const found = isPossible ? await node.block(isHash ? name : Number(name)) : undefined;
      if (found === undefined)
        throw new Problem(
          404,
          `our chain has no block ${name}: it has blocks 1 to ${node.status().head.length}`,
        );
      const { block, confirmations } = found;
      return { block, hash: block.hash, confirmations };
    },
  );
}
