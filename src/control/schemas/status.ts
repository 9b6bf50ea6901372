import { ADDRESSES, COUNT, HASH, INDEX, NETWORK_ID, PEER_ID, TIME } from './common.js';
import type { Static } from './static.js';

const SEARCH = {
  type: 'object',
  properties: {
    index: INDEX,
    tried: { ...COUNT, description: 'proofs tried so far' },
    rate: { description: 'tries a second', type: 'number', minimum: 0 },
    since: TIME,
  },
  required: ['index', 'tried', 'rate', 'since'],
  additionalProperties: false,
} as const;

export const STATUS = {
  type: 'object',
  properties: {
    version: { description: 'of this program', type: 'string' },
    name: { description: 'what this node is called', type: 'string' },
    network: { description: "the network's name", type: 'string' },
    network_id: NETWORK_ID,
    peer_id: PEER_ID,
    addresses: ADDRESSES,
    length: { description: 'blocks of our chain', type: 'integer', minimum: 1 },
    head: { ...HASH, description: 'the hash of our last block' },
    difficulty: {
      description: "zeros in hex that a proof's hash begins with",
      type: 'integer',
      minimum: 0,
      maximum: 16,
    },
    peers: { ...COUNT, description: 'peers connected' },
    pending: { ...COUNT, description: 'transactions that wait for a block' },
    mining: {
      description: 'the search for a proof that is running; null while none is',
      oneOf: [SEARCH, { type: 'null' }],
    },
    tied_heads: { description: 'other heads of our length that we know of', type: 'array', items: HASH },
  },
  required: [
    'version',
    'name',
    'network',
    'network_id',
    'peer_id',
    'addresses',
    'length',
    'head',
    'difficulty',
    'peers',
    'pending',
    'mining',
    'tied_heads',
  ],
  additionalProperties: false,
} as const;

export const HEALTH = {
  type: 'object',
  properties: {
    status: { const: 'ok' },
    network_id: NETWORK_ID,
    peer_id: PEER_ID,
    addresses: ADDRESSES,
  },
  required: ['status', 'network_id', 'peer_id', 'addresses'],
  additionalProperties: false,
} as const;

export type StatusAnswer = Static<typeof STATUS>;
export type HealthAnswer = Static<typeof HEALTH>;
