/** `/branches`: the blocks beside our chain. */
import type { FastifyInstance } from 'fastify';
import { canonicalJson } from '../../chain/index.js';
import { MAX_LOST_BLOCKS, MAX_LOST_BYTES } from '../constants.js';
import type { ControlledNode } from '../controlled-node.js';
import { JSON_TYPE, jsonList, jsonStream } from '../json-stream.js';
import { LostBlocks } from '../lost-blocks.js';
import { BRANCHES, type BranchBlockAnswer } from '../schemas/branches.js';
import { isoTime } from '../schemas/common.js';
import { errors } from '../schemas/error.js';

export function addBranchCall(app: FastifyInstance, node: ControlledNode): void {
  const lost = new LostBlocks(node, { blocks: MAX_LOST_BLOCKS, bytes: MAX_LOST_BYTES });
  app.get(
    '/branches',
    {
      exposeHeadRoute: false,
      schema: {
        summary: 'The blocks beside our chain: of branches that lost, or have not won yet',
        response: { 200: BRANCHES, ...errors(503) },
      },
    },
    async (_request, reply) => {
      const texts = branchTexts(await besideOurChain(node, lost));
      return reply.type(JSON_TYPE).send(jsonStream(jsonList(texts)));
    },
  );
}

/** Canonical JSON. The block's own bytes are taken as they are: many large ones would be long in being read and written again. */
function* branchTexts(blocks: Iterable<BranchBlockAnswer>): Generator<[Buffer]> {
  for (const { at, block, ...after } of blocks) {
    const head = Buffer.from(`{"at": "${at}", "block": `);
    yield [Buffer.concat([head, block.bytes, Buffer.from(`, ${canonicalJson(after).slice(1)}`, 'latin1')])];
  }
}

async function besideOurChain(node: ControlledNode, lost: LostBlocks): Promise<BranchBlockAnswer[]> {
  const known = new Map<string, BranchBlockAnswer>();
  for (const { block, from, at } of lost.events) {
    known.set(block.hash, { hash: block.hash, block, fate: 'beside', at: isoTime(at), from });
  }
  for (const { block, replacedAt } of await node.replaced()) {
    const { hash } = block;
    known.set(hash, { hash, block, fate: 'replaced', at: isoTime(replacedAt), from: null });
  }
  // What lost once may have won later.
  const inChain = await Promise.all([...known.keys()].map((hash) => node.block(hash)));
  return [...known.values()]
    .filter((_, at) => inChain[at] === undefined)
    .sort((a, b) => a.block.index - b.block.index || (a.hash < b.hash ? -1 : 1));
}
