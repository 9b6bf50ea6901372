import { MAX_MINING_SECONDS, MIN_MINING_SECONDS } from '../constants.js';
import type { Static } from './static.js';

/** How often the node mines by itself. */
export const MINING_PACE = {
  type: 'object',
  properties: {
    every_seconds: {
      description: 'seconds between two blocks of its own, on average; null: only when asked',
      type: ['number', 'null'],
      minimum: MIN_MINING_SECONDS,
      maximum: MAX_MINING_SECONDS,
    },
  },
  required: ['every_seconds'],
  additionalProperties: false,
  examples: [{ every_seconds: 10 }, { every_seconds: null }],
} as const;

export type MiningPace = Static<typeof MINING_PACE>;
