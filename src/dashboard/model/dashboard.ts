/** All that the page shows: asked for once, then kept true by the node's events. Views read it, and are told of changes. */
import { PeerNames } from '../../peer-names.js';
import type { BranchBlock, Events, Head, Peer, Pending, Status } from '../node/answers.js';
import { api, Refusal } from '../node/api.js';
import { LiveEvents } from '../node/live.js';
import { changeSince } from './absence.js';
import { Arrivals } from './arrivals.js';
import { type ShownBlock, shownBlock } from './block.js';
import { type BesideBlock, layOut, tiedBlocks } from './branches.js';
import { Chain } from './chain.js';
import type { Connection, Return } from './connection.js';
import { Mining } from './mining.js';
import { watchOnlooker } from './onlooker.js';
import { Soon } from './soon.js';
import { Stories } from './stories.js';

/** Events come in bursts; what they change is asked for once a burst. In ms. */
const BURST_MS = 60;
/** What no event tells (round-trip times, how often the node mines by itself, its addresses) is asked for this often, in ms. */
const REFRESH_MS = 3_000;
/** While a search runs, its progress is asked for this often, in ms. */
const PROGRESS_MS = 300;

/** The newest block, worth saying aloud. */
export interface News {
  readonly index: number;
  readonly from: string | null;
}

export class Dashboard {
  readonly chain: Chain;
  readonly arrivals = new Arrivals();
  readonly stories = new Stories();
  readonly mining: Mining;
  connection: Connection = { state: 'connecting' };
  /** What to say of the node's last absence, until it is read. */
  returned: Return | undefined;
  news: News | undefined;
  /** The last reorganisation that came while the page was open, until it is read. */
  reorg: Events['reorg'] | undefined;
  status: Status | undefined;
  peers: readonly Peer[] = [];
  branches: readonly BesideBlock[] = [];
  invitation: string | undefined;
  readonly pending = new Map<string, Pending>();
  /** What events changed in it while it was being fetched: the answer may be older than they are. */
  #pendingChanges: (() => void)[] | undefined;
  readonly #names = new PeerNames();
  /** What was shown when the node went away, by which it is told what has become of it. */
  #headWhenLost: Head | undefined;
  #restarted = false;
  /** Since then, the node was not seen to be away. */
  #wasHidden = false;
  /**
   * The chain's length when the page was opened, or less where the node was started again with less. The stream begins with what
   * was before; what makes the chain longer than this is news. Times cannot tell: the node's clock is not the browser's.
   */
  #lengthThen = Number.POSITIVE_INFINITY;

  readonly #live = new LiveEvents({
    open: () => void this.#opened(),
    event: (name, event) => this.#on[name]?.(event as never),
    reset: (reason) => this.#reset(reason),
    away: (reason) => this.#away(reason),
    locked: () => this.#setConnection({ state: 'locked' }),
  });
  readonly #refresh = {
    status: new Soon(() => this.#fetchStatus(), BURST_MS),
    pending: new Soon(() => this.#fetchPending(), BURST_MS),
    branches: new Soon(() => this.#fetchBranches(), BURST_MS),
    peers: new Soon(() => this.#fetchPeers(), BURST_MS),
    pace: new Soon(() => this.mining.fetchPace().then(this.changed), BURST_MS),
    invitation: new Soon(() => this.#fetchInvitation(), BURST_MS),
  };

  /** @param changed called whenever there is something new to show; many times in a burst */
  constructor(private readonly changed: () => void) {
    this.chain = new Chain(changed);
    this.mining = new Mining(() => {
      this.#refresh.status.ask();
      changed();
    });
  }

  /** Heads that tie with ours, as far as is known: none of an answer of the node's that is older than our head. */
  get tiedHeads(): readonly string[] {
    const { status, chain } = this;
    return status !== undefined && status.head === chain.head?.hash ? status.tied_heads : [];
  }

  /** Hashes of the blocks of chains that tie with ours. */
  get tied(): ReadonlySet<string> {
    return tiedBlocks(this.tiedHeads, this.branches);
  }

  /** Once; a page that was locked goes on by `signIn`. */
  start(): void {
    void this.#live.follow();
    // Browsers allow six connections to a node for all its pages together: six forgotten ones would leave none for the seventh.
    watchOnlooker({ gone: () => this.#rest(), back: () => this.#live.wake() });
    window.setInterval(() => {
      if (this.connection.state !== 'live' || document.hidden) return;
      const { status, peers, pace, invitation } = this.#refresh;
      for (const soon of [status, peers, pace, invitation]) soon.ask();
    }, REFRESH_MS);
    window.setInterval(() => {
      if (document.hidden) return;
      if (this.mining.search !== null || this.mining.isAsking) this.#refresh.status.ask();
    }, PROGRESS_MS);
  }

  /** @throws Refusal where it is not the token */
  async signIn(token: string): Promise<void> {
    await api.signIn(token);
    if (this.connection.state !== 'locked') return;
    this.#setConnection({ state: 'connecting' });
    void this.#live.follow();
  }

  /** What a peer is called, as far as is known; empty for one that has not said. */
  nameOf(peerId: string): string {
    return this.#names.of(peerId) ?? '';
  }

  /** What was said of an absence or a reorganisation has been read. */
  dismiss(what: 'returned' | 'reorg'): void {
    this[what] = undefined;
    this.changed();
  }

  /** Nobody looks: what the node tells meanwhile is heard later, but whether it goes is not seen. */
  #rest(): void {
    if (this.connection.state === 'live') {
      this.#noteLoss();
      this.#wasHidden = true;
    }
    this.#live.rest();
  }

  #noteLoss(): void {
    this.#headWhenLost = this.chain.head;
    this.#restarted = false;
  }

  async #opened(): Promise<void> {
    const before = this.connection;
    this.#setConnection({ state: 'live' });
    for (const soon of Object.values(this.#refresh)) soon.ask();
    this.chain.askAgain();
    if (before.state === 'away') await this.#sayWhatChanged(before.since);
  }

  #away(reason: string | undefined): void {
    let since = Date.now();
    if (this.connection.state === 'away') since = this.connection.since;
    else this.#noteLoss();
    this.#wasHidden = false;
    this.#setConnection({ state: 'away', since, reason });
  }

  /** Nothing that is shown is known to be true any more. */
  #reset(reason: string): void {
    this.#restarted ||= reason === 'restarted';
    this.chain.cutAfter(0);
    this.pending.clear();
    if (this.returned && this.#restarted) this.returned = { ...this.returned, restarted: true };
    if (this.#restarted && this.#wasHidden) void this.#sayWhatChanged(undefined);
    this.#wasHidden = false;
    this.#refresh.status.ask();
  }

  /** @param since when it went, in ms since the epoch; undefined where that was not seen */
  async #sayWhatChanged(since: number | undefined): Promise<void> {
    const before = this.#headWhenLost;
    const owner = this.status;
    if (before === undefined || owner === undefined) return; // nothing was shown yet
    const at = Date.now();
    try {
      const change = await changeSince(before, owner);
      if (change === 'different' || change === 'other-node') this.chain.cutAfter(0);
      const awayMs = since === undefined ? undefined : at - since;
      this.returned = { at, awayMs, restarted: this.#restarted, change };
    } catch {
      return; // it is away again, and will be spoken of when it is back
    }
    this.#refresh.status.ask();
    this.changed();
  }

  readonly #on: { [Name in keyof Events]?: (event: Events[Name]) => void } = {
    block: ({ block: fields, from, source, at }) => {
      const block = shownBlock(fields);
      const time = Date.parse(at);
      this.#arrived(block, from, source, time);
      this.stories.inBlock(block, time);
      this.#changePending(() => {
        for (const { id } of block.transactions) if (id !== undefined) this.pending.delete(id);
      });
      // What was before the page was opened follows no head that it knows.
      if (this.chain.append(block)) this.news = { index: block.index, from };
      this.#refresh.status.ask();
      this.changed();
    },
    transaction: (event) => {
      const { id, transaction, from, at } = event;
      const source = from === null ? 'own' : 'gossip';
      const time = Date.parse(at);
      this.arrivals.add({ what: 'transaction', id, from, source, at: time });
      this.stories.pending(event);
      this.#changePending(() => this.pending.set(id, { id, transaction, received_at: at, from }));
      this.#refresh.status.ask();
      this.changed();
    },
    peer: ({ peer_id, name }) => {
      this.#names.met(peer_id, name);
      this.#refresh.peers.ask();
      this.#refresh.status.ask();
    },
    fork: ({ hash, index, from, at }) => {
      const time = Date.parse(at);
      const source = from === null ? 'own' : 'gossip';
      this.arrivals.add({ what: 'block', id: hash, index, from, source, at: time });
      this.#refresh.branches.ask();
      // It may be a tie.
      this.#refresh.status.ask();
    },
    reorg: (event) => {
      this.stories.reorganised(event);
      this.#replacedBy(event);
      this.chain.cutAfter(event.fork);
      if (event.new_head.length > this.#lengthThen) this.reorg = event;
      const { status, pending, branches } = this.#refresh;
      for (const soon of [status, pending, branches]) soon.ask();
    },
    mining: () => this.#refresh.status.ask(),
  };

  /** The blocks of a longer chain are not told one by one. */
  #replacedBy({ from, new_head: { length, hash }, at }: Events['reorg']): void {
    if (from === null) return;
    const time = Date.parse(at);
    this.arrivals.add({ what: 'block', id: hash, index: length, from, source: 'sync', at: time });
  }

  #arrived(block: ShownBlock, from: string | null, source: 'own' | 'gossip' | 'sync', at: number): void {
    // What was fetched from a peer's chain was made long before, which says nothing of the network.
    const afterMs = source === 'gossip' ? Math.max(0, Math.round(at - block.time)) : undefined;
    this.arrivals.add({ what: 'block', id: block.hash, index: block.index, from, source, at, afterMs });
  }

  async #fetchStatus(): Promise<void> {
    const before = this.chain.head;
    const status = await api.status();
    this.status = status;
    this.#lengthThen = Math.min(this.#lengthThen, status.length);
    this.mining.search = status.mining;
    this.#names.met(status.peer_id, status.name);
    // A block that came while this answer was on its way is newer than the answer.
    if (before === this.chain.head) this.chain.setHead({ length: status.length, hash: status.head });
    else this.#refresh.status.ask();
    this.changed();
  }

  #changePending(change: () => void): void {
    change();
    this.#pendingChanges?.push(change);
  }

  async #fetchPending(): Promise<void> {
    const changes: (() => void)[] = [];
    this.#pendingChanges = changes;
    try {
      const pending = await api.pending();
      this.pending.clear();
      for (const entry of pending) this.pending.set(entry.id, entry);
      for (const change of changes) change();
    } finally {
      this.#pendingChanges = undefined;
    }
    this.changed();
  }

  async #fetchBranches(): Promise<void> {
    const answers: readonly BranchBlock[] = await api.branches();
    this.branches = layOut(answers);
    this.changed();
  }

  async #fetchPeers(): Promise<void> {
    this.peers = await api.peers();
    for (const { peer_id, name } of this.peers) this.#names.met(peer_id, name);
    this.changed();
  }

  async #fetchInvitation(): Promise<void> {
    try {
      this.invitation = (await api.invitation()).code;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.invitation = undefined; // a node that nobody can reach invites nobody
    }
    this.changed();
  }

  #setConnection(connection: Connection): void {
    this.connection = connection;
    this.changed();
  }
}
