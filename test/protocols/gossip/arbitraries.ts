/** Gossipsub's frames, and what stands in them. */
import { RPC } from '@chainsafe/libp2p-gossipsub/message';
import fc from 'fast-check';
import { encode } from 'it-length-prefixed';
import { FIELDS_PER_ITEM, MESSAGE_ID_BYTES } from '../../../protocols/gossip/constants.js';

const text = fc.option(fc.string(), { nil: undefined });
const id = fc.uint8Array({ minLength: MESSAGE_ID_BYTES, maxLength: MESSAGE_ID_BYTES });
const list = <T>(value: fc.Arbitrary<T>) => fc.array(value, { maxLength: 4 });
const bytes = fc.uint8Array({ maxLength: 300 });

/** A frame as gossipsub writes it. */
export const anyRpc: fc.Arbitrary<RPC> = fc.record({
  messages: list(fc.record({ data: bytes, topic: fc.string({ minLength: 1 }) })),
  subscriptions: list(fc.record({ subscribe: fc.boolean(), topic: text })),
  control: fc.option(
    fc.record({
      ihave: list(fc.record({ topicID: text, messageIDs: list(id) })),
      iwant: list(fc.record({ messageIDs: list(id) })),
      graft: list(fc.record({ topicID: text })),
      prune: list(
        fc.record({
          topicID: text,
          peers: list(fc.record({ peerID: bytes, signedPeerRecord: bytes })),
          backoff: fc.option(fc.nat(), { nil: undefined }),
        }),
      ),
      idontwant: list(fc.record({ messageIDs: list(id) })),
    }),
    { nil: undefined },
  ),
});
/** As it is sent: behind its length. */
export function framed(rpc: RPC): Uint8Array {
  return encode.single(RPC.encode(rpc)).subarray();
}

/** How much of an item stands in what a frame holds: counts all that is there. */
function parts(value: unknown): number {
  if (value instanceof Uint8Array || typeof value !== 'object') return value === undefined ? 0 : 1;
  const fields = Object.values(value as object).flat();
  return fields.reduce((sum, field) => sum + parts(field), 1);
}

/** The items that a frame is. */
export function itemsIn({ subscriptions, messages, control }: RPC): number {
  // A decoder gives every message a topic.
  const named = messages.map(({ topic, ...rest }) => (topic === '' ? rest : { ...rest, topic }));
  const own = [...subscriptions, ...named, ...(control ? [control] : [])];
  return own.reduce((sum, field) => sum + 1 + (parts(field) - 1) / FIELDS_PER_ITEM, 1);
}
