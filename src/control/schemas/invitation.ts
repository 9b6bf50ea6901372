import { ADDRESSES, NETWORK_ID, PEER_ID } from './common.js';
import type { Static } from './static.js';

export const INVITATION = {
  type: 'object',
  properties: {
    code: {
      description:
        'for "gossipchain start --join CODE", or for /nodes/register; holds while the addresses do',
      type: 'string',
      pattern: '^gc1[02-9ac-hj-np-z]+$',
      examples: ['gc1qqg4h8w0jf5m2'],
    },
    network_id: NETWORK_ID,
    peer_id: PEER_ID,
    addresses: { ...ADDRESSES, description: 'multiaddrs in the code, with peer id' },
  },
  required: ['code', 'network_id', 'peer_id', 'addresses'],
  additionalProperties: false,
} as const;

export type InvitationAnswer = Static<typeof INVITATION>;
