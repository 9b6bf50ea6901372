/** A node's events as a stream of server-sent events shows them. */
import { canonicalJson } from '../../chain/index.js';
import type { BlockEvent, NodeEvents, Source } from '../../node/index.js';
import { isoTime } from '../schemas/common.js';
import type { Unwritten } from './event-log.js';

/** About what an event weighs beside its block, transaction or ids, in bytes. */
const OVERHEAD_BYTES = 512;

/** Those that clients are told of. */
export type Told = Exclude<keyof NodeEvents, 'restart'>;

type Frames = { [Name in Told]: (event: NodeEvents[Name][0]) => Unwritten };

/** A block is kept as its bytes: written out, and with all its parts, it would weigh several times as much. */
class BlockFrame implements Unwritten {
  readonly name = 'block';
  readonly #index: number;
  readonly #hash: string;
  readonly #json: Uint8Array;
  readonly #source: Source;
  readonly #from: string | null;
  readonly #at: number;

  constructor({ block: { index, hash, bytes }, source, from, at }: BlockEvent) {
    this.#index = index;
    this.#hash = hash;
    this.#json = bytes;
    this.#source = source;
    this.#from = from;
    this.#at = at;
  }

  get bytes(): number {
    return OVERHEAD_BYTES + this.#json.length;
  }

  data(): string {
    const others = { index: this.#index, hash: this.#hash, source: this.#source, from: this.#from };
    return withMember('block', this.#json, { ...others, at: isoTime(this.#at) });
  }
}

/** By the event's name. */
export const FRAMES: Frames = {
  block: (event) => new BlockFrame(event),

  transaction: ({ transaction, from, at }) => ({
    name: 'transaction',
    bytes: OVERHEAD_BYTES + transaction.text.length,
    data: () => canonicalJson({ id: transaction.id, transaction, from, at: isoTime(at) }),
  }),

  peer: ({ peerId, name, change, at }) =>
    frame('peer', () => ({ peer_id: peerId, name, change, at: isoTime(at) })),

  fork: ({ block: { index, hash, timestamp, transactions }, fork, head, from, at }) => {
    const miner = transactions.at(-1)?.recipient ?? null;
    return written('fork', {
      ...{ index, hash, timestamp, fork, from, miner, at: isoTime(at) },
      head: { length: head.length, hash: head.hash },
    });
  },

  reorg: ({ fork, removed, added, oldHead, newHead, returned, from, at }) =>
    frame(
      'reorg',
      () => ({
        fork,
        removed,
        added,
        old_head: { length: oldHead.length, hash: oldHead.hash },
        new_head: { length: newHead.length, hash: newHead.hash },
        returned,
        from,
        at: isoTime(at),
      }),
      returned.length * 68,
    ),

  mining: ({ state, index, at }) => frame('mining', () => ({ state, index, at: isoTime(at) })),
};

function frame(name: string, data: () => object, bytes = 0): Unwritten {
  return { name, bytes: OVERHEAD_BYTES + bytes, data: () => canonicalJson(data()) };
}

/** Written at once, so that nothing of what it tells is held: parts of a block's text would hold all of it. */
function written(name: string, value: object): Unwritten {
  const json = Buffer.from(canonicalJson(value));
  return { name, bytes: OVERHEAD_BYTES + json.length, data: () => json.toString() };
}

/** An object with one member more, whose canonical JSON is there already. */
function withMember(key: string, json: Uint8Array, others: object): string {
  const text = Buffer.from(json.buffer, json.byteOffset, json.length).toString('latin1');
  return `{${JSON.stringify(key)}: ${text}, ${canonicalJson(others).slice(1)}`;
}

/** One server-sent event (HTML, 9.2.6): canonical JSON has no line breaks. */
export function eventText(id: string, name: string, data: string): string {
  return `id: ${id}\nevent: ${name}\ndata: ${data}\n\n`;
}
