/** Writes what a node tells into its log. */
import { numberText } from '../chain/index.js';
import type { Logger } from '../log.js';
import type {
  BlockEvent,
  ForkEvent,
  MiningEvent,
  Node,
  PeerEvent,
  ReorgEvent,
  TransactionEvent,
} from '../node/index.js';
import { shortHash, shortName, shortPeer } from './format.js';
import { LineLimit } from './line-limit.js';
import { LongSearch } from './long-search.js';

/** The part of a node that is listened to. */
export type EventSource = Pick<Node, 'on'>;

/** Blocks that are synced come by the thousand: they are told together, after so many ms. */
const SYNC_SUMMARY_MS = 1000;

/** From now on. */
export function logEvents(node: EventSource, log: Logger): void {
  const writer = new EventWriter(log);
  node.on('block', (event) => writer.block(event));
  node.on('transaction', (event) => writer.transaction(event));
  node.on('fork', (event) => writer.fork(event));
  node.on('reorg', (event) => writer.reorg(event));
  node.on('peer', (event) => writer.peer(event));
  node.on('mining', (event) => writer.mining(event));
}

class EventWriter {
  /** By peer id; a peer that leaves does not say its name again. */
  readonly #names = new Map<string, string>();
  readonly #lines = new LineLimit();
  readonly #search = new LongSearch();
  #synced: { from: number; to: number; last: BlockEvent } | undefined;

  constructor(private readonly log: Logger) {}

  block(event: BlockEvent): void {
    const { block, source, from } = event;
    if (source === 'sync') {
      this.#gather(event);
      return;
    }
    const fields = {
      index: block.index,
      hash: shortHash(block.hash),
      transactions: block.transactions.length,
    };
    if (source === 'own') this.log.info({ ...fields, proof: block.proof }, 'block-mined');
    else this.#tell(from, { ...fields, from: this.#peerName(from) }, 'block-received');
  }

  transaction({ transaction, from }: TransactionEvent): void {
    const { id, sender, recipient, amount } = transaction;
    const names = { sender: shortName(sender), recipient: shortName(recipient) };
    const fields = { id: shortHash(id), ...names, amount: numberText(amount) };
    if (from === null) this.log.info(fields, 'transaction-sent');
    else this.#tell(from, { ...fields, from: this.#peerName(from) }, 'transaction-received');
  }

  fork({ block, fork, from }: ForkEvent): void {
    const fields = { index: block.index, hash: shortHash(block.hash), fork };
    this.#tell(from, { ...fields, from: this.#peerName(from) }, 'fork-seen');
  }

  reorg({ fork, removed, added, newHead, returned, from }: ReorgEvent): void {
    const { length, hash } = newHead;
    this.#tell(
      from,
      {
        length,
        hash: shortHash(hash),
        fork,
        removed,
        added,
        returned: returned.length,
        from: this.#peerName(from),
      },
      'chain-replaced',
    );
  }

  peer({ peerId, name, change }: PeerEvent): void {
    if (change === 'connected') {
      this.#names.set(peerId, name);
      this.#tell(peerId, { name: name || undefined, peer: shortPeer(peerId) }, 'peer-joined');
    } else {
      const known = this.#names.get(peerId) || undefined;
      this.#tell(peerId, { name: known, peer: shortPeer(peerId) }, 'peer-left');
      this.#names.delete(peerId);
    }
  }

  mining({ state, index }: MiningEvent): void {
    const action = `mining-${state}`;
    this.log.debug({ index }, action);
    if (state === 'started') this.#search.begun(() => this.log.info({ index }, 'mining'));
    else if (state !== 'restarted') this.#search.ended();
  }

  /** A line that somebody else is the cause of, if they have not been the cause of too many. */
  #tell(peer: string | null, fields: object, action: string): void {
    const unsaid = peer === null ? 0 : this.#lines.take(peer);
    if (unsaid !== undefined) this.log.info(unsaid === 0 ? fields : { ...fields, unsaid }, action);
  }

  #gather(event: BlockEvent): void {
    const { index } = event.block;
    if (this.#synced === undefined) {
      this.#synced = { from: index, to: index, last: event };
      setTimeout(() => this.#tellSynced(), SYNC_SUMMARY_MS).unref();
      return;
    }
    // Thousands come in a second.
    this.#synced.to = index;
    this.#synced.last = event;
  }

  #tellSynced(): void {
    if (this.#synced === undefined) return;
    const { from, to, last } = this.#synced;
    this.#synced = undefined;
    const fields = { blocks: from === to ? `${to}` : `${from}-${to}`, hash: shortHash(last.block.hash) };
    this.log.info({ ...fields, from: this.#peerName(last.from) }, 'blocks-fetched');
  }

  #peerName(peerId: string | null): string {
    if (peerId === null) return 'this node';
    return this.#names.get(peerId) || shortPeer(peerId);
  }
}
