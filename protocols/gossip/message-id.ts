import { createHash } from 'node:crypto';
import type { Topics } from './topics.js';

/** A message's id: the SHA-256 of its payload, so that the same thing from two nodes travels once. */
export function messageId(payload: Uint8Array): Uint8Array {
  return createHash('sha256').update(payload).digest();
}

/**
 * How every payload of a topic begins: canonical JSON with its first key; an announcement with field 1, the libp2p protobuf of a
 * public key, of kind Ed25519, 32 bytes.
 */
const BEGINNINGS: Readonly<Record<keyof Topics, Buffer>> = {
  transactions: Buffer.from('{"amount": '),
  blocks: Buffer.from('{"index": '),
  peers: Buffer.from('0a2408011220', 'hex'),
};

/** Whether a payload begins as all of this topic's do: what does not is none of them. */
export function beginsAs(topic: keyof Topics, payload: Uint8Array): boolean {
  const beginning = BEGINNINGS[topic];
  return beginning.equals(payload.subarray(0, beginning.length));
}

/**
 * Names messages as gossipsub is to know them. One that does not begin as its topic's messages do is rejected, and its id
 * is not its payload's alone: the payload may be valid on another topic, where whoever passes it on would else be
 * blamed for an invalid message, and not be heard.
 */
export function messageIds(topics: Topics): (message: { topic: string; data: Uint8Array }) => Uint8Array {
  const names = new Map(
    Object.entries(topics).map(([name, topic]) => [topic as string, name as keyof Topics]),
  );
  return ({ topic, data }) => {
    const name = names.get(topic);
    if (name !== undefined && beginsAs(name, data)) return messageId(data);
    return createHash('sha256').update(topic).update(data).digest();
  };
}
