/** What the document says once and refers to by name. */
import { BLOCK, FORGED_BLOCK, FOUND_BLOCK } from '../schemas/blocks.js';
import { ADDRESSES, HASH, NETWORK_ID, PEER_ID, TIME } from '../schemas/common.js';
import { DIAGNOSIS } from '../schemas/diagnosis.js';
import { ERROR } from '../schemas/error.js';
import { EVENTS } from '../schemas/events.js';
import { INVITATION } from '../schemas/invitation.js';
import { PEER } from '../schemas/peers.js';
import { HEALTH, STATUS } from '../schemas/status.js';
import {
  FOUND_TRANSACTION,
  NEW_TRANSACTION,
  PENDING_TRANSACTION,
  TRANSACTION,
} from '../schemas/transactions.js';

/** Any schema: it is looked through, not evaluated. */
export type AnySchema = { readonly [key: string]: unknown };

const EVENT_SCHEMAS = Object.fromEntries(
  Object.entries(EVENTS).map(([name, schema]) => [`${name[0]?.toUpperCase()}${name.slice(1)}Event`, schema]),
);

/** By their names in the document. */
export const COMPONENTS: Readonly<Record<string, AnySchema>> = {
  Error: ERROR,
  Block: BLOCK,
  FoundBlock: FOUND_BLOCK,
  ForgedBlock: FORGED_BLOCK,
  Transaction: TRANSACTION,
  NewTransaction: NEW_TRANSACTION,
  PendingTransaction: PENDING_TRANSACTION,
  FoundTransaction: FOUND_TRANSACTION,
  Status: STATUS,
  Health: HEALTH,
  Peer: PEER,
  Invitation: INVITATION,
  Diagnosis: DIAGNOSIS,
  Hash: HASH,
  PeerId: PEER_ID,
  NetworkId: NETWORK_ID,
  Time: TIME,
  Addresses: ADDRESSES,
  ...EVENT_SCHEMAS,
};

const NAMES = new Map(Object.entries(COMPONENTS).map(([name, schema]) => [schema, name]));

/** The same schema; what has a name in it is referred to. */
export function withReferences(schema: AnySchema): AnySchema {
  const name = NAMES.get(schema);
  return name === undefined ? inside(schema) : { $ref: `#/components/schemas/${name}` };
}

/** A component's own schema, its parts referred to. */
export function inside(schema: AnySchema): AnySchema {
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, referring(value)]));
}

function referring(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(referring);
  return typeof value === 'object' && value !== null ? withReferences(value as AnySchema) : value;
}
