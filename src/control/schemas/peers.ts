import { MAX_CODE_CHARACTERS } from '../../node/index.js';
import { MAX_REGISTERED_NODES } from '../constants.js';
import { ADDRESSES, MESSAGE, PEER_ID, TIME } from './common.js';
import type { Static } from './static.js';

export const PEER = {
  type: 'object',
  properties: {
    peer_id: PEER_ID,
    name: { description: 'what it calls itself; empty where it has not said', type: 'string' },
    addresses: ADDRESSES,
    direction: { description: 'who dialled', type: 'string', enum: ['inbound', 'outbound'] },
    connected_at: TIME,
    rtt_ms: {
      description: 'round-trip time of the last ping; null before the first',
      type: ['number', 'null'],
      minimum: 0,
    },
    length: { description: 'of its chain, as it last said', type: ['integer', 'null'], minimum: 1 },
    head: { description: 'the hash of its last block, as it last said', type: ['string', 'null'] },
  },
  required: ['peer_id', 'name', 'addresses', 'direction', 'connected_at', 'rtt_ms', 'length', 'head'],
  additionalProperties: false,
} as const;

export const PEERS = {
  description: 'All connected peers, the longest connected first.',
  type: 'array',
  items: PEER,
} as const;

export const REGISTRATION = {
  type: 'object',
  properties: {
    nodes: {
      description:
        'multiaddrs of nodes, codes of their invitations, or http://host:port or host:port of their control APIs, whose /health is asked once',
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength: MAX_CODE_CHARACTERS },
      minItems: 1,
      maxItems: MAX_REGISTERED_NODES,
    },
  },
  required: ['nodes'],
  additionalProperties: false,
  examples: [{ nodes: ['http://192.168.1.20:5000', '/ip4/192.168.1.21/tcp/4001'] }],
} as const;

export const REGISTERED = {
  type: 'object',
  properties: {
    message: { const: 'New nodes have been added' },
    total_nodes: {
      description: "all peers' multiaddrs, sorted",
      type: 'array',
      items: MESSAGE,
    },
  },
  required: ['message', 'total_nodes'],
  additionalProperties: false,
} as const;

export type PeerAnswer = Static<typeof PEER>;
export type RegisteredAnswer = Static<typeof REGISTERED>;
