import { COUNT, INDEX, PEER_ID, TIME } from './common.js';
import type { Static } from './static.js';

const ROOM_NODE = {
  type: 'object',
  properties: {
    peer_id: PEER_ID,
    name: { description: 'what it calls itself; empty where it has not said', type: 'string' },
    state: {
      description: 'this node itself; a peer that is connected; or one that was, and has left',
      type: 'string',
      enum: ['this', 'connected', 'left'],
    },
    since: { ...TIME, type: ['string', 'null'], description: 'in this state since; null for this node' },
    length: { ...INDEX, type: ['integer', 'null'], description: 'of its chain, as it last said' },
    head: { description: 'the hash of its last block, as it last said', type: ['string', 'null'] },
    heard_at: { ...TIME, type: ['string', 'null'], description: 'when it last said so' },
    rtt_ms: { description: 'round-trip time of the last ping', type: ['number', 'null'], minimum: 0 },
    chain: {
      description:
        'how its chain stands to ours: the same; shorter and a part of it; longer, so that ours may be behind or beside it; forked from it, tied or shorter; or not known',
      type: 'string',
      enum: ['same', 'behind', 'ahead', 'fork', 'unknown'],
    },
    fork: {
      ...INDEX,
      type: ['integer', 'null'],
      description: 'the last block it shares with us, where known',
    },
    behind_blocks: {
      ...COUNT,
      type: ['integer', 'null'],
      description: 'how many blocks the longest chain of those connected has more',
    },
    behind_ms: {
      ...COUNT,
      type: ['integer', 'null'],
      description: 'for how long this node has known of a longer chain than it has, in ms',
    },
  },
  required: [
    'peer_id',
    'name',
    'state',
    'since',
    'length',
    'head',
    'heard_at',
    'rtt_ms',
    'chain',
    'fork',
    'behind_blocks',
    'behind_ms',
  ],
  additionalProperties: false,
} as const;

export const ROOM = {
  description: 'This node, then those it is connected to, then those that have left since it was started.',
  type: 'array',
  items: ROOM_NODE,
} as const;

export type RoomNodeAnswer = Static<typeof ROOM_NODE>;
