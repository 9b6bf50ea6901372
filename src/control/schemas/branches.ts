import type { Block } from '../../chain/index.js';
import { BLOCK } from './blocks.js';
import { FROM, HASH, TIME } from './common.js';
import type { Static } from './static.js';

/** A block that is valid and not in our chain. */
const BRANCH_BLOCK = {
  type: 'object',
  properties: {
    hash: HASH,
    block: BLOCK,
    fate: {
      description: 'it was in our chain until a longer one replaced it; or it came and never was',
      type: 'string',
      enum: ['replaced', 'beside'],
    },
    at: { ...TIME, description: 'when it was replaced, or came' },
    from: FROM,
  },
  required: ['hash', 'block', 'fate', 'at', 'from'],
  additionalProperties: false,
} as const;

export const BRANCHES = {
  description:
    'Blocks beside our chain, by index: those of late that a longer chain replaced, and those that came and never were in it; of each kind the newest 100, and no more than 4 MiB. Each names the block before it, in our chain or, if it is still told, among these.',
  type: 'array',
  items: BRANCH_BLOCK,
} as const;

export type BranchBlockAnswer = Omit<Static<typeof BRANCH_BLOCK>, 'block'> & { block: Block };
