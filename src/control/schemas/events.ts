/** What each server-sent event carries as its data. */
import { BLOCK } from './blocks.js';
import { COUNT, FROM, HASH, INDEX, PEER_ID, TIME } from './common.js';
import { TRANSACTION } from './transactions.js';

const HEAD = {
  type: 'object',
  properties: { length: INDEX, hash: HASH },
  required: ['length', 'hash'],
  additionalProperties: false,
} as const;

export const BLOCK_EVENT = {
  description: "A block became our chain's new head by following the one before.",
  type: 'object',
  properties: {
    index: INDEX,
    hash: HASH,
    block: BLOCK,
    source: {
      description: "mined here, heard by gossip, or fetched from a peer's chain",
      type: 'string',
      enum: ['own', 'gossip', 'sync'],
    },
    from: FROM,
    at: TIME,
  },
  required: ['index', 'hash', 'block', 'source', 'from', 'at'],
  additionalProperties: false,
} as const;

export const TRANSACTION_EVENT = {
  description: 'A transaction became pending.',
  type: 'object',
  properties: { id: HASH, transaction: TRANSACTION, from: FROM, at: TIME },
  required: ['id', 'transaction', 'from', 'at'],
  additionalProperties: false,
} as const;

export const PEER_EVENT = {
  description: 'A peer came or went.',
  type: 'object',
  properties: {
    peer_id: PEER_ID,
    name: { type: 'string' },
    change: { type: 'string', enum: ['connected', 'disconnected'] },
    at: TIME,
  },
  required: ['peer_id', 'name', 'change', 'at'],
  additionalProperties: false,
} as const;

export const FORK_EVENT = {
  description:
    'A block came that leads to another chain, no longer than ours: ours stays. Where both are as long, the next block decides. Or this node found one too late (`from` is null): nobody else has that.',
  type: 'object',
  properties: {
    index: { ...INDEX, description: 'of the block' },
    hash: { ...HASH, description: 'of the block' },
    timestamp: { description: 'of the block, in seconds since the epoch', type: 'number' },
    miner: { description: 'who found it', type: ['string', 'null'] },
    fork: { ...INDEX, description: 'the index of the last block that both chains share' },
    head: { ...HEAD, description: 'our own head' },
    from: FROM,
    at: TIME,
  },
  required: ['index', 'hash', 'timestamp', 'miner', 'fork', 'head', 'from', 'at'],
  additionalProperties: false,
} as const;

export const REORG_EVENT = {
  description: 'A longer chain took the place of ours from a fork on; no block events come for its blocks.',
  type: 'object',
  properties: {
    fork: { ...INDEX, description: 'the index of the last block that both chains share' },
    removed: { ...COUNT, description: 'blocks of ours that fell out' },
    added: { ...COUNT, description: 'blocks that came in their place' },
    old_head: HEAD,
    new_head: HEAD,
    returned: {
      description: 'ids of the transactions that wait for a block again',
      type: 'array',
      items: HASH,
    },
    from: FROM,
    at: TIME,
  },
  required: ['fork', 'removed', 'added', 'old_head', 'new_head', 'returned', 'from', 'at'],
  additionalProperties: false,
} as const;

export const MINING_EVENT = {
  description: 'What our miner does.',
  type: 'object',
  properties: {
    state: { type: 'string', enum: ['started', 'restarted', 'found', 'cancelled'] },
    index: { ...INDEX, description: 'of the block that is searched for' },
    at: TIME,
  },
  required: ['state', 'index', 'at'],
  additionalProperties: false,
} as const;

export const RESET_EVENT = {
  description: 'Events were missed that are kept no longer: fetch again what is shown. What follows is new.',
  type: 'object',
  properties: {
    reason: {
      description:
        'the node was started again, or opened its chain anew as its disk took what is written again; the client was away for too long, or took events too slowly; or its id is none of ours',
      type: 'string',
      enum: ['restarted', 'too-old', 'too-slow', 'unknown-id'],
    },
    at: TIME,
  },
  required: ['reason', 'at'],
  additionalProperties: false,
} as const;

/** By the event's name. */
export const EVENTS = {
  block: BLOCK_EVENT,
  transaction: TRANSACTION_EVENT,
  peer: PEER_EVENT,
  fork: FORK_EVENT,
  reorg: REORG_EVENT,
  mining: MINING_EVENT,
  reset: RESET_EVENT,
} as const;

/** The answer that they come in. */
export const EVENT_STREAM = {
  description: 'text/event-stream',
  content: { 'text/event-stream': { schema: { type: 'string' } } },
} as const;
