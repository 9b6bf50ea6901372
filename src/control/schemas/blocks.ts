import type { Block } from '../../chain/index.js';
import { CONFIRMATIONS, COUNT, HASH, INDEX } from './common.js';
import type { Static } from './static.js';
import { TRANSACTION } from './transactions.js';

const PROOF = { ...COUNT, maximum: Number.MAX_SAFE_INTEGER } as const;
const TRANSACTIONS = {
  description: 'payments, then the reward',
  type: 'array',
  items: TRANSACTION,
} as const;
const PREVIOUS_HASH = {
  examples: [HASH.examples[0], '1'],
  description: 'the hash of the block before; in a genesis "1", or what another implementation put there',
  type: ['string', 'integer'],
} as const;

/** A block exactly as it is hashed: its hash is the SHA-256 of its canonical JSON. */
export const BLOCK = {
  type: 'object',
  properties: {
    index: INDEX,
    timestamp: { description: 'seconds since the epoch', type: 'number', minimum: 0 },
    transactions: TRANSACTIONS,
    proof: PROOF,
    previous_hash: PREVIOUS_HASH,
  },
  required: ['index', 'timestamp', 'transactions', 'proof', 'previous_hash'],
  additionalProperties: false,
  // The first block of every chain, unless its network says otherwise.
  examples: [{ index: 1, timestamp: 1506057125.900785, transactions: [], proof: 100, previous_hash: '1' }],
} as const;

const BLOCKS = {
  description: 'each in its canonical JSON, so that hashes agree',
  type: 'array',
  items: BLOCK,
} as const;

export const FORGED_BLOCK = {
  type: 'object',
  properties: {
    message: { const: 'New Block Forged' },
    index: INDEX,
    transactions: TRANSACTIONS,
    proof: PROOF,
    previous_hash: PREVIOUS_HASH,
  },
  required: ['message', 'index', 'transactions', 'proof', 'previous_hash'],
  additionalProperties: false,
} as const;

export const CHAIN_QUERY = {
  type: 'object',
  properties: {
    from: { ...INDEX, description: 'the index of a block, a whole number from 1 on' },
    limit: {
      description: 'a number of blocks, a whole number from 1 on',
      type: 'integer',
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
    },
  },
  additionalProperties: false,
} as const;

export const CHAIN = {
  type: 'object',
  properties: {
    chain: BLOCKS,
    length: { ...COUNT, description: 'of the whole chain, also where only a page of it was asked for' },
  },
  required: ['chain', 'length'],
  additionalProperties: false,
} as const;

const REPLACED = {
  type: 'object',
  properties: { message: { const: 'Our chain was replaced' }, new_chain: BLOCKS },
  required: ['message', 'new_chain'],
  additionalProperties: false,
} as const;

const AUTHORITATIVE = {
  type: 'object',
  properties: { message: { const: 'Our chain is authoritative' }, chain: BLOCKS },
  required: ['message', 'chain'],
  additionalProperties: false,
} as const;

export const RESOLVED = { oneOf: [REPLACED, AUTHORITATIVE] } as const;

export const BLOCK_PARAMS = {
  type: 'object',
  properties: {
    index_or_hash: {
      description: "a block's index, counted from 1, or its hash, 64 lowercase hex digits",
      type: 'string',
      pattern: '^(?:0|[1-9][0-9]{0,15}|[0-9a-f]{64})$',
      examples: ['1'],
    },
  },
  required: ['index_or_hash'],
  additionalProperties: false,
} as const;

export const FOUND_BLOCK = {
  type: 'object',
  properties: { block: BLOCK, hash: HASH, confirmations: CONFIRMATIONS },
  required: ['block', 'hash', 'confirmations'],
  additionalProperties: false,
} as const;

/** Answers carry the ledger's own blocks, whose numbers are more than a number of JavaScript's. */
export type FoundBlockAnswer = Omit<Static<typeof FOUND_BLOCK>, 'block'> & { block: Block };
export type ForgedAnswer = { message: typeof MESSAGE_FORGED } & Pick<
  Block,
  'index' | 'transactions' | 'proof' | 'previous_hash'
>;
export const MESSAGE_FORGED = FORGED_BLOCK.properties.message.const;
export const MESSAGE_REPLACED = REPLACED.properties.message.const;
export const MESSAGE_AUTHORITATIVE = AUTHORITATIVE.properties.message.const;
