/** Values that many answers have. */

export const INDEX = {
  description: "a block's index, counted from 1",
  type: 'integer',
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
} as const;

export const COUNT = { description: 'a whole number, 0 or more', type: 'integer', minimum: 0 } as const;

export const HASH = {
  description: 'a SHA-256, 64 lowercase hex digits',
  type: 'string',
  pattern: '^[0-9a-f]{64}$',
  examples: ['9bd58252bbed62b0af795f7c177c9b115bbb161f41df0ac728443cfb2b9e2067'],
} as const;

export const TIME = {
  description: 'a moment, ISO 8601 in UTC',
  type: 'string',
  format: 'date-time',
  examples: ['2026-01-31T12:00:00.000Z'],
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
} as const;

export const NETWORK_ID = {
  description: "a network's id, 16 hex digits: nodes of different networks never mix",
  type: 'string',
  pattern: '^[0-9a-f]{16}$',
  examples: ['515b81d5a2aeb7ed'],
} as const;

export const PEER_ID = {
  description: "a peer's id, which is also the address that its rewards go to",
  type: 'string',
  pattern: '^[1-9A-HJ-NP-Za-km-z]{40,64}$',
  examples: ['12D3KooWSNSuP5kH2kYtLbfNtimD4yGqoCRR9Aae1k3tjXmk7hsb'],
} as const;

/** The peer something came from. */
export const FROM = {
  description:
    'the id of the peer it came from; null where it came from none: this node made it, or it was in our chain until a longer one replaced that',
  type: ['string', 'null'],
  examples: [null, '12D3KooWSNSuP5kH2kYtLbfNtimD4yGqoCRR9Aae1k3tjXmk7hsb'],
} as const;

export const ADDRESSES = {
  description: 'multiaddrs, with peer id',
  type: 'array',
  items: { type: 'string' },
  examples: [['/ip4/192.168.1.20/tcp/4001/p2p/12D3KooWSNSuP5kH2kYtLbfNtimD4yGqoCRR9Aae1k3tjXmk7hsb']],
} as const;

export const CONFIRMATIONS = {
  description: 'blocks from this one to the head, this one included',
  type: 'integer',
  minimum: 0,
} as const;

export const MESSAGE = { type: 'string' } as const;

/** Of calls that take no query. */
export const NO_QUERY = { type: 'object', properties: {}, additionalProperties: false } as const;

/** The time of an answer, from milliseconds since the epoch. */
export function isoTime(at: number | Date): string {
  return new Date(at).toISOString();
}
