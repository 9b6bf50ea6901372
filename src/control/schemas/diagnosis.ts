import { STORAGE_TROUBLES } from '../../node/index.js';
import { ADDRESSES, HASH, NETWORK_ID, PEER_ID, TIME } from './common.js';
import type { Static } from './static.js';

const TEXT = { type: 'string' } as const;
const ANY_PEER = {
  description: "a peer's id; null where it is not known",
  type: ['string', 'null'],
} as const;
const ADDRESS_OR_NULL = { description: 'a multiaddr', type: ['string', 'null'] } as const;

const NETWORK = {
  type: 'object',
  properties: { name: TEXT, difficulty: { type: 'integer', minimum: 0, maximum: 16 }, genesis: HASH },
  required: ['name', 'difficulty', 'genesis'],
  additionalProperties: false,
} as const;

const SELF = {
  type: 'object',
  properties: {
    peer_id: PEER_ID,
    network_id: NETWORK_ID,
    network: NETWORK,
    started_at: TIME,
    addresses: ADDRESSES,
    peers: {
      description: 'who is connected',
      type: 'array',
      items: {
        type: 'object',
        properties: { peer_id: PEER_ID, name: TEXT, addresses: ADDRESSES },
        required: ['peer_id', 'name', 'addresses'],
        additionalProperties: false,
      },
    },
  },
  required: ['peer_id', 'network_id', 'network', 'started_at', 'addresses', 'peers'],
  additionalProperties: false,
} as const;

const INTERFACE = {
  type: 'object',
  properties: {
    name: TEXT,
    address: TEXT,
    internal: { description: 'loopback', type: 'boolean' },
    mdns: {
      description: 'what became of our own mDNS question on it',
      type: 'string',
      enum: ['off', 'asked', 'heard', 'not-heard', 'failed'],
    },
    since: { description: 'in this state since; null for off', type: ['string', 'null'] },
    error: { description: "the system's code, where mdns has failed", type: ['string', 'null'] },
  },
  required: ['name', 'address', 'internal', 'mdns', 'since', 'error'],
  additionalProperties: false,
} as const;

const SIGHTING = {
  type: 'object',
  properties: {
    peer_id: PEER_ID,
    addresses: ADDRESSES,
    at: TIME,
    by: {
      description: 'who told of it: mDNS, itself, another peer, the user, or an earlier run',
      type: 'string',
      enum: ['mdns', 'peer', 'exchange', 'fixed', 'remembered'],
    },
  },
  required: ['peer_id', 'addresses', 'at', 'by'],
  additionalProperties: false,
} as const;

const DIAL = {
  type: 'object',
  properties: {
    peer_id: ANY_PEER,
    address: ADDRESS_OR_NULL,
    outcome: { description: 'connected, or how it failed', type: 'string' },
    message: { description: 'how it failed, in one line', type: 'string' },
    at: TIME,
    failures: { description: 'in a row, up to now', type: 'integer', minimum: 0 },
  },
  required: ['peer_id', 'address', 'outcome', 'message', 'at', 'failures'],
  additionalProperties: false,
} as const;

const OTHER_NETWORK = {
  type: 'object',
  properties: {
    id_begins: { description: "the first digits of its network's id", type: 'string' },
    from: { description: 'an IP address', type: 'string' },
    at: TIME,
  },
  required: ['id_begins', 'from', 'at'],
  additionalProperties: false,
} as const;

const STRANGER = {
  type: 'object',
  properties: {
    peer_id: PEER_ID,
    addresses: ADDRESSES,
    why: { type: 'string', enum: ['other-network', 'protocol-unknown'] },
    network: { oneOf: [NETWORK, { type: 'null' }] },
    at: TIME,
  },
  required: ['peer_id', 'addresses', 'why', 'network', 'at'],
  additionalProperties: false,
} as const;

const CLOCK = {
  type: 'object',
  properties: {
    peer_id: { description: 'of the miner', type: 'string' },
    offset_ms: {
      description: 'arrival of its last block less the time in it: below 0 its clock is ahead of ours',
      type: 'integer',
    },
    at: TIME,
  },
  required: ['peer_id', 'offset_ms', 'at'],
  additionalProperties: false,
} as const;

const STORAGE = {
  type: 'object',
  properties: {
    directory: TEXT,
    free_bytes: { type: ['integer', 'null'], minimum: 0 },
    writable: { type: 'boolean' },
    trouble: {
      description: 'what is wrong with what is kept there',
      enum: [...STORAGE_TROUBLES, null],
    },
  },
  required: ['directory', 'free_bytes', 'writable', 'trouble'],
  additionalProperties: false,
} as const;

const HINDRANCE = {
  type: 'object',
  properties: {
    code: TEXT,
    about: { description: 'an interface, a peer, an address or a directory', type: 'string' },
    blocks: { description: 'whether it is in the way; else it is only worth knowing', type: 'boolean' },
    what: TEXT,
    advice: TEXT,
  },
  required: ['code', 'about', 'blocks', 'what', 'advice'],
  additionalProperties: false,
} as const;

export const DIAGNOSIS = {
  description: 'What is known of what may stand between this node and others; every list bounded.',
  type: 'object',
  properties: {
    at: TIME,
    node: { oneOf: [SELF, { type: 'null' }] },
    interfaces: { type: 'array', items: INTERFACE },
    machines: {
      description: 'other machines heard by mDNS; null where nobody listened for them',
      oneOf: [{ type: 'array', items: TEXT }, { type: 'null' }],
    },
    sightings: { description: 'peers heard of', type: 'array', items: SIGHTING },
    dials: { description: 'how the last dial to each ended', type: 'array', items: DIAL },
    other_networks: {
      description: 'networks whose nodes ask on this LAN',
      type: 'array',
      items: OTHER_NETWORK,
    },
    strangers: {
      description: 'who was reached, and is of another network or another program',
      type: 'array',
      items: STRANGER,
    },
    clocks: { description: 'of those who have mined', type: 'array', items: CLOCK },
    storage: { oneOf: [STORAGE, { type: 'null' }] },
    hindrances: {
      description: 'what stands in the way, in the order in which to remove it',
      type: 'array',
      items: HINDRANCE,
    },
  },
  required: [
    'at',
    'node',
    'interfaces',
    'machines',
    'sightings',
    'dials',
    'other_networks',
    'strangers',
    'clocks',
    'storage',
    'hindrances',
  ],
  additionalProperties: false,
} as const;

export type DiagnosisAnswer = Static<typeof DIAGNOSIS>;
