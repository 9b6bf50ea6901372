/**
 * The calls that programs make: what each takes and answers. By these schemas their routes read what they are given, the
 * OpenAPI document tells of them, and the command line's client is typed.
 */
import { BLOCK_PARAMS, CHAIN, CHAIN_QUERY, FORGED_BLOCK, FOUND_BLOCK, RESOLVED } from './blocks.js';
import { DIAGNOSIS } from './diagnosis.js';
import { errors } from './error.js';
import { EVENT_STREAM } from './events.js';
import { INVITATION } from './invitation.js';
import { PEERS, REGISTERED, REGISTRATION } from './peers.js';
import { HEALTH, STATUS } from './status.js';
import {
  FOUND_TRANSACTION,
  NEW_TRANSACTION,
  PENDING_TRANSACTIONS,
  SENT_TRANSACTION,
  TRANSACTION_PARAMS,
} from './transactions.js';

const MINE = {
  summary: 'Forge one block',
  description:
    'Searches for a proof and answers with the block that this call forged. Calls wait for one another, up to a bound.',
  response: { 200: FORGED_BLOCK, ...errors(429, 503) },
} as const;

/** By method and path, as Fastify writes it. */
export const CALLS = {
  'GET /mine': MINE,
  'POST /mine': MINE,
  'POST /transactions/new': {
    summary: 'Send a transaction',
    description:
      'It is on disk and on its way to the peers when the answer comes. With a nonce, a retry is not a second payment.',
    body: NEW_TRANSACTION,
    response: {
      200: { ...SENT_TRANSACTION, description: 'It is in a block already.' },
      201: SENT_TRANSACTION,
      ...errors(400, 413, 415, 503),
    },
  },
  'GET /chain': {
    summary: 'The whole chain, or a page of it',
    querystring: CHAIN_QUERY,
    response: { 200: CHAIN, ...errors(400, 503) },
  },
  'POST /nodes/register': {
    summary: 'Connect to other nodes, and stay connected',
    body: REGISTRATION,
    response: { 201: REGISTERED, ...errors(400, 409, 413, 415, 502, 503) },
  },
  'GET /nodes/resolve': {
    summary: 'Take the longest valid chain that a peer has',
    response: { 200: RESOLVED, ...errors(503) },
  },
  'GET /status': {
    summary: 'How the node is',
    response: { 200: STATUS, ...errors(503) },
  },
  'GET /health': {
    summary: 'Whether the node runs, and where its peers reach it; needs no token',
    response: { 200: HEALTH, ...errors(503) },
  },
  'GET /peers': {
    summary: 'Connected peers',
    response: { 200: PEERS, ...errors(503) },
  },
  'GET /blocks/:index_or_hash': {
    summary: 'A block of our chain',
    params: BLOCK_PARAMS,
    response: { 200: FOUND_BLOCK, ...errors(400, 404, 503) },
  },
  'GET /transactions/pending': {
    summary: 'Transactions that wait for a block',
    response: { 200: PENDING_TRANSACTIONS, ...errors(503) },
  },
  'GET /transactions/:id': {
    summary: 'A transaction, and where it is',
    params: TRANSACTION_PARAMS,
    response: { 200: FOUND_TRANSACTION, ...errors(400, 404, 503) },
  },
  'GET /invitation': {
    summary: 'A code by which others join this network, with no other setting',
    response: { 200: INVITATION, ...errors(409, 503) },
  },
  'GET /diagnosis': {
    summary: 'What stands between this node and others',
    description:
      'Interfaces and mDNS on them, peers heard of, how dials ended, who is of another network, clocks, the disk; and what follows from it.',
    response: { 200: DIAGNOSIS, ...errors(503) },
  },
  'GET /events': {
    summary: 'What happens, as server-sent events',
    description:
      'Events block, transaction, peer, fork, reorg and mining, each with JSON data: the schemas BlockEvent, TransactionEvent and so on. Whoever comes back with Last-Event-ID gets what came meanwhile, and with Last-Event-ID: 0 all that is kept; where that is kept no longer, a reset event says so, and only what is new follows.',
    response: { 200: EVENT_STREAM, ...errors(503) },
  },
} as const;

export type Calls = typeof CALLS;
