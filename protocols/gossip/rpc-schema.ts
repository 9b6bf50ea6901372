/** The fields of gossipsub's frames by their numbers, as its `rpc.proto` has them. */

/** What a field holds: another message, bytes or text, a varint, or the id of a message. */
export type Field = Fields | 'bytes' | 'number' | 'id';

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
  2: { 1: 'bytes', 2: 'bytes', 3: 'bytes', 4: 'bytes', 5: 'bytes', 6: 'bytes' }, // a message
  3: CONTROL,
};
