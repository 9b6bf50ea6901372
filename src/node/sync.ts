/** Learns what chains our peers have and sees to it that the longer ones are fetched, one peer at a time. */
import { setMaxListeners } from 'node:events';
import type { PeerId } from '@libp2p/interface';
import { ChainProtocolError, type HeadInfo } from '../../protocols/chain/index.js';
import { type Bounds, UNCOUNTED } from '../bounds.js';
import { InvalidBlock, InvalidTransaction } from '../chain/index.js';
import type { Logger } from '../log.js';
import { StorageError } from '../storage/index.js';
import { abortable } from './abortable.js';
import { Announcement } from './announcement.js';
import { type BlocksClient, ChainPull } from './chain-pull.js';
import { Coalesced } from './coalesced.js';
import { ANTI_ENTROPY_MS, MAX_BROKEN_PROMISES } from './constants.js';
import type { ChainFollower } from './follower.js';
import { type PeerHead, PeerHeads } from './peer-heads.js';
import type { PendingExchange } from './pending-exchange.js';
import { Retries } from './retries.js';
import { Turn } from './turn.js';
import { Verdicts } from './verdicts.js';

/** The part of the chain protocol's client that is used. */
export interface HeadClient extends BlocksClient {
  head(peer: PeerId, mine: HeadInfo, signal?: AbortSignal): Promise<HeadInfo>;
}

/** Who is connected, and how to be rid of one. */
export interface SyncPeers {
  connected(): PeerId[];
  drop(peer: PeerId, why: { outcome: 'wrong-network' | 'dropped'; message: string }): void;
}

export class ChainSync {
  /** What the peers last said of their chains. */
  readonly heads = new PeerHeads();
  readonly #asks = new Coalesced<HeadInfo>();
  readonly #retries = new Retries((peer) => this.#retry(peer));
  /** Peers with a longer chain, in the order in which they get their turn. */
  readonly #wanted = new Set<string>();
  readonly #stopping = new AbortController();
  #working: Promise<void> | undefined;
  readonly #announcement = new Announcement(() => {
    for (const peer of this.peers.connected()) void this.exchange(peer);
  });
  #antiEntropy: NodeJS.Timeout | undefined;

  constructor(
    private readonly client: HeadClient,
    private readonly peers: SyncPeers,
    private readonly follower: ChainFollower,
    private readonly pendingExchange: PendingExchange,
    private readonly ownHead: () => HeadInfo,
    private readonly log: Logger,
    private readonly bounds: Bounds = UNCOUNTED,
    private readonly verdicts: Pick<Verdicts, 'note'> = new Verdicts(),
  ) {
    // Every request under way listens, and with many peers there are many: no leak that node should warn of.
    setMaxListeners(Infinity, this.#stopping.signal);
  }

  /** Whether a peer's chain is being fetched. */
  get isFetching(): boolean {
    return this.#working !== undefined;
  }

  /** Begins to follow by itself; without it, only {@link resolve} does. */
  start(): void {
    this.#antiEntropy ??= setInterval(() => this.#askLongestUnasked(), ANTI_ENTROPY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#antiEntropy);
    this.#announcement.stop();
    this.#retries.stop();
    this.#stopping.abort();
    await this.#working;
  }

  /** Takes a peer at its word: fetches its chain if it is longer, and its pending transactions if they differ. */
  heard(peer: PeerId, head: HeadInfo): void {
    this.heads.note(peer, head);
    this.#want(peer, head);
    if (head.pending === 0 || head.digest === this.ownHead().digest) return;
    void this.#fetchPending(peer);
  }

  /**
   * Asks a peer that a person wants for its head, though nothing follows from it.
   *
   * @throws ChainProtocolError `wrong-network`, which costs it the connection
   */
  async greet(peer: PeerId): Promise<void> {
    try {
      this.heads.note(peer, await this.#ask(peer));
    } catch (error) {
      this.#failed(peer, error);
      if (error instanceof ChainProtocolError && error.code === 'wrong-network') throw error;
    }
  }

  /** Asks every connected peer for its head, for whoever looks at them. What we learn of longer chains is not wasted. */
  async survey(): Promise<void> {
    await this.#askAll((peer, head) => {
      if (this.#follows) this.#want(peer, head);
    });
  }

  /** Exchanges heads with a peer. Its failure is the log's business only. */
  async exchange(peer: PeerId): Promise<void> {
    try {
      this.heard(peer, await this.#ask(peer));
    } catch (error) {
      this.#failed(peer, error);
    }
  }

  /** Tells all connected peers of our head and mempool, once they have rested a moment. */
  announce(): void {
    this.#announcement.changed();
  }

  forget(peerId: string): void {
    this.heads.forget(peerId);
    this.#retries.forget(peerId);
    this.#wanted.delete(peerId);
  }

  /**
   * Asks every connected peer for its head and fetches the longer chains (the tutorial's `resolve_conflicts`).
   * Peers that do not answer are passed over.
   *
   * @throws the signal's reason: whoever leaves does not wait any longer, and what is heard of later is not fetched for it
   */
  async resolve(signal: AbortSignal): Promise<void> {
    const asking = this.#askAll((peer, head) => {
      if (signal.aborted) return;
      if (this.#follows) this.heard(peer, head);
      else this.#want(peer, head);
    });
    await abortable(
      asking.then(() => this.#working),
      signal,
    );
  }

  async #askAll(learnt: (peer: PeerId, head: HeadInfo) => void): Promise<void> {
    await Promise.all(
      this.peers.connected().map(async (peer) => {
        try {
          const head = await this.#ask(peer);
          this.heads.note(peer, head);
          learnt(peer, head);
        } catch (error) {
          this.#failed(peer, error);
        }
      }),
    );
  }

  /** What came this way was not gossiped to us, so our peers are told that our mempool has changed. */
  async #fetchPending(peer: PeerId): Promise<void> {
    try {
      if (await this.pendingExchange.fetch(peer, this.#stopping.signal)) this.announce();
    } catch (error) {
      this.#failed(peer, error);
    }
  }

  /** By itself, and not only when it is told to. */
  get #follows(): boolean {
    return this.#antiEntropy !== undefined;
  }

  /** Others may wait for the same answer: it ends early with the node only. */
  #ask(peer: PeerId): Promise<HeadInfo> {
    return this.#asks.run(peer.toString(), () => {
      this.heads.asked(peer, performance.now());
      return this.client.head(peer, this.ownHead(), this.#stopping.signal);
    });
  }

  #askLongestUnasked(): void {
    const peer = this.heads.longestUnasked(this.peers.connected());
    if (peer !== undefined) void this.exchange(peer);
  }

  #want(peer: PeerId, head: HeadInfo): void {
    if (head.length <= this.follower.head.length || this.#stopping.signal.aborted) return;
    this.#wanted.add(peer.toString());
    this.#work();
  }

  #work(): void {
    this.#working ??= this.#followWanted().finally(() => {
      this.#working = undefined;
      // Who was heard of after the last look at who is wanted, and before this.
      if (this.#wanted.size > 0) this.#work();
    });
  }

  async #followWanted(): Promise<void> {
    for (let turns = 0; this.#wanted.size > 0; turns++) {
      const [first = ''] = this.#wanted;
      // Every other turn is of who has come furthest, and is not slow. Else each of many that send the same long branch would
      // wait for all others to send it too, and find its own dropped.
      const key = (turns % 2 === 1 ? this.heads.furthest(this.#wanted) : undefined) ?? first;
      this.#wanted.delete(key);
      const known = this.heads.of(key);
      if (known === undefined || known.head.length <= this.follower.head.length) continue;
      try {
        await this.#follow(known);
      } catch (error) {
        this.#failed(known.peer, error);
      }
    }
  }

  /**
   * Follows one peer's chain, as far as it promised, for its turn; at its end asks for its head again: it may have grown
   * meanwhile, or have promised too much.
   *
   * @throws InvalidBlock, ChainProtocolError
   */
  async #follow({ peer, head }: PeerHead): Promise<void> {
    const key = peer.toString();
    const { length: promised } = head;
    using turn = new Turn(() => this.#wanted.size > 0);
    this.log.debug({ peer: key, from: this.follower.head.length, to: promised }, 'sync-started');
    const pull = new ChainPull(this.client, this.follower, this.#retries, peer, promised, turn);
    const end = await pull.run(this.#stopping.signal);
    this.heads.brought(peer, pull.stored, pull.reached);
    this.log.debug({ peer: key, end }, 'sync-ended');
    if (end === 'complete' || end === 'unconnected') await this.#askAgain(peer, head, pull.stored, end);
    if (end !== 'interrupted') return;
    // Who had its turn and brought nothing does not wait for the next one, but is asked again later.
    if (pull.stored > 0) this.#wanted.add(key);
    else if (this.#follows) this.#retries.failed(peer);
  }

  /**
   * One that sends less than it promised is dropped only if it promises it again, or another such chain each time. Blocks that
   * follow none of ours may be our own doing, who have let go of its branch meanwhile: again and again they are not.
   */
  async #askAgain(
    peer: PeerId,
    promised: HeadInfo,
    stored: number,
    end: 'complete' | 'unconnected',
  ): Promise<void> {
    const isShort = this.follower.head.length < promised.length;
    const head = await this.#ask(peer);
    // Each time a little less would do as well, where nothing comes.
    const isLonger =
      head.length >= promised.length || (stored === 0 && head.length > this.follower.head.length);
    const isBroken = isShort && isLonger;
    if (isBroken) this.bounds.hit('broken-promises', peer.toString());
    const isAgain = end === 'complete' && head.hash === promised.hash;
    if (isBroken && (this.heads.broken(peer) >= MAX_BROKEN_PROMISES || isAgain)) {
      this.#drop(peer, 'it does not send the chain that it promises');
      return;
    }
    if (!isBroken) this.heads.kept(peer);
    this.heads.note(peer, head);
    this.#want(peer, head);
  }

  /**
   * What a peer got wrong costs it the connection; what merely failed, as when a duplicate connection ends, is tried again,
   * and so is what went wrong here, for all to see. The store tells of its own trouble.
   */
  #failed(peer: PeerId, error: unknown): void {
    if (this.#stopping.signal.aborted) return;
    const invalid = error instanceof InvalidBlock || error instanceof InvalidTransaction;
    if (invalid) {
      const kind = error instanceof InvalidBlock ? 'block' : 'transaction';
      this.verdicts.note('sync', kind, 'reject', error.code);
    }
    const atFault = error instanceof ChainProtocolError && (error.atFault || error.code === 'wrong-network');
    if (invalid || atFault) {
      const isOther = error instanceof ChainProtocolError && error.code === 'wrong-network';
      this.#drop(peer, (error as Error).message, isOther ? 'wrong-network' : 'dropped');
      return;
    }
    const isForeseen =
      error instanceof ChainProtocolError || (error instanceof StorageError && error.code !== 'misuse');
    if (isForeseen) this.log.debug({ peer: peer.toString(), error: String(error) }, 'exchange-failed');
    else this.log.error({ peer: peer.toString(), error }, 'sync-failed');
    // What a peer cannot make sense of now, it will not in a second.
    const isRefused = error instanceof ChainProtocolError && error.code === 'bad-request';
    if (this.#follows && !isRefused) this.#retries.failed(peer);
  }

  #retry(peer: PeerId): void {
    const key = peer.toString();
    if (this.peers.connected().some((connected) => connected.toString() === key)) void this.exchange(peer);
    // What it was asked when it left fails after it was forgotten, and is noted of it anew.
    else this.forget(key);
  }

  #drop(peer: PeerId, reason: string, outcome: 'wrong-network' | 'dropped' = 'dropped'): void {
    this.forget(peer.toString());
    this.peers.drop(peer, { outcome, message: reason });
  }
}
