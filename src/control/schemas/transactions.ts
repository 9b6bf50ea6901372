import type { Transaction } from '../../chain/index.js';
import { CONFIRMATIONS, FROM, HASH, MESSAGE, TIME } from './common.js';
import type { Static } from './static.js';

const NAME = { type: 'string', minLength: 1, maxLength: 256, examples: ['alice'] } as const;

export const AMOUNT = {
  description:
    'a finite number greater than 0, at most 40 characters long. Its kind and size are kept: 5.0 stays 5.0, and 30 digits stay 30 digits',
  type: 'number',
  exclusiveMinimum: 0,
} as const;

const NONCE = {
  description: '32 lowercase hex digits, which make a retry the same payment; random where none is given',
  type: 'string',
  pattern: '^[0-9a-f]{32}$',
  examples: ['0123456789abcdef0123456789abcdef'],
} as const;

export const NEW_TRANSACTION = {
  type: 'object',
  properties: { sender: NAME, recipient: NAME, amount: AMOUNT, nonce: NONCE },
  required: ['sender', 'recipient', 'amount'],
  additionalProperties: false,
  examples: [{ sender: 'alice', recipient: 'bob', amount: 5 }],
} as const;

/** A block's reward has the sender "0" and no nonce. */
export const TRANSACTION = {
  type: 'object',
  properties: { sender: NAME, recipient: NAME, amount: AMOUNT, nonce: NONCE },
  required: ['sender', 'recipient', 'amount'],
  additionalProperties: false,
  examples: [{ amount: 5, nonce: '0123456789abcdef0123456789abcdef', recipient: 'bob', sender: 'alice' }],
} as const;

export const SENT_TRANSACTION = {
  type: 'object',
  properties: { message: MESSAGE, id: HASH },
  required: ['message', 'id'],
  additionalProperties: false,
  examples: [{ message: 'Transaction will be added to Block 2', id: '0'.repeat(64) }],
} as const;

export const PENDING_TRANSACTION = {
  type: 'object',
  properties: { id: HASH, transaction: TRANSACTION, received_at: TIME, from: FROM },
  required: ['id', 'transaction', 'received_at', 'from'],
  additionalProperties: false,
} as const;

export const PENDING_TRANSACTIONS = {
  description: 'All that wait for a block, first come first.',
  type: 'array',
  items: PENDING_TRANSACTION,
} as const;

export const TRANSACTION_PARAMS = {
  type: 'object',
  properties: { id: { ...HASH, description: "a transaction's id, 64 lowercase hex digits" } },
  required: ['id'],
  additionalProperties: false,
} as const;

export const FOUND_TRANSACTION = {
  type: 'object',
  properties: {
    id: HASH,
    transaction: TRANSACTION,
    status: { type: 'string', enum: ['pending', 'in_block'] },
    block: {
      description: 'the index of its block; null while it is pending',
      type: ['integer', 'null'],
      minimum: 1,
    },
    confirmations: CONFIRMATIONS,
  },
  required: ['id', 'transaction', 'status', 'block', 'confirmations'],
  additionalProperties: false,
} as const;

/** Answers carry the ledger's own transactions, whose amounts are more than a number of JavaScript's. */
type WithTransaction<Schema> = Omit<Static<Schema>, 'transaction'> & { transaction: Transaction };
export type PendingAnswer = WithTransaction<typeof PENDING_TRANSACTION>;
export type FoundTransactionAnswer = WithTransaction<typeof FOUND_TRANSACTION>;
export type SentAnswer = Static<typeof SENT_TRANSACTION>;
