/** The fields of gossipsub's frames by their numbers, as its `rpc.proto` has them. */

/** What a field holds: another message, bytes or text, a varint, the id of a message, or what nobody may write. */
export type Field = Fields | 'bytes' | 'number' | 'id' | 'forbidden';

export interface Fields {
  readonly [number: number]: Field;
}

export const CONTROL: Fields = {
  1: { 1: 'bytes', 2: 'id' }, // IHAVE
  2: { 1: 'id' }, // IWANT
  3: { 1: 'bytes' }, // GRAFT
  4: { 1: 'bytes', 2: { 1: 'bytes', 2: 'bytes' }, 3: 'number' }, // PRUNE
  5: { 1: 'id' }, // IDONTWANT
};

export const RPC: Fields = {
  1: { 1: 'number', 2: 'bytes' }, // a subscription
  // A message: its payload and topic, and what names its author, by number from, seqno, signature and key.
  2: { 1: 'forbidden', 2: 'bytes', 3: 'forbidden', 4: 'bytes', 5: 'forbidden', 6: 'forbidden' },
  3: CONTROL,
};
