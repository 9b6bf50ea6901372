/** A node: the ledger on disk, its peers and its miner behind one face. */
import { EventEmitter } from 'node:events';
import { hostname } from 'node:os';
import type { Bound } from '../bounds.js';
import { type Block, type NetworkSpec, networkId, type PendingTransaction } from '../chain/index.js';
import { Serial } from '../serial.js';
import type { ChainSnapshot, ReplacedBlock, StorageError } from '../storage/index.js';
import { VERSION } from '../version.js';
import type { FoundBlock, FoundTransaction, NodePeer, NodeStatus, SentTransaction } from './answers.js';
import type { Facts } from './diagnosis/index.js';
import { NodeError } from './errors.js';
import type { Emit, NodeEvents } from './events.js';
import type { NodeFigures } from './figures.js';
import { readInvitation, writeInvitation } from './invitation.js';
import { joinBy, mustBeFor } from './join.js';
import { blocksFrom, findBlock, findTransaction } from './lookup.js';
import { type NodeOptions, type ResolvedOptions, withDefaults } from './options.js';
import { type Parts, startParts } from './parts.js';
import { sendPayment } from './payment.js';
import { Recovery } from './recovery.js';

/**
 * A node that can be started. It takes no port and touches no file before that.
 *
 * @example
 * await using node = createNode({ mdns: false });
 * await node.start();
 * const block = await node.mine();
 */
export function createNode(options: NodeOptions = {}): Node {
  return new Node(options);
}

export class Node extends EventEmitter<NodeEvents> implements AsyncDisposable {
  readonly network: NetworkSpec;
  readonly networkId: string;
  readonly name: string;
  readonly #options: ResolvedOptions;
  readonly #changes = new Serial();
  readonly #recovery: Recovery | undefined;
  #parts: Parts | undefined;
  /** Of mining by itself, as last set; it outlives a recovery. */
  #pace: number | null = null;
  /** Ends the parts, also while they are still started. */
  #ending = new AbortController();

  constructor(options: NodeOptions) {
    super();
    // Each call that waits for a peer listens, and one request may name dozens: many listeners are no leak here.
    this.setMaxListeners(0);
    this.#options = withDefaults(options);
    this.network = this.#options.network;
    this.networkId = networkId(this.network);
    this.name = this.#options.name ?? hostname();
    const { dataDir, log } = this.#options;
    this.#recovery = dataDir === undefined ? undefined : new Recovery(dataDir, () => this.#restart(), log);
  }

  /**
   * Opens the data directory, then the network. Does nothing on a node that runs.
   *
   * @throws StorageError, IdentityError, ListenError, DialError, InvitationError; NodeError `not-running` where it was stopped
   *   meanwhile; nothing is left running or behind then
   */
  start(): Promise<void> {
    return this.#changes.run(async () => {
      if (this.#parts !== undefined) return;
      this.#recovery?.stop();
      this.#pace = this.#options.mineEverySeconds ?? null;
      this.#parts = await this.#startParts();
    });
  }

  /** Stops everything in the reverse order, the storage last; a start under way is given up. Does nothing on a node that does not run. */
  stop(): Promise<void> {
    this.#ending.abort(new NodeError('not-running', 'the node was stopped before it had started'));
    this.#recovery?.stop();
    return this.#changes.run(async () => {
      await this.#stopParts().finally(() => {
        // A write may have failed on the way.
        this.#recovery?.stop();
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** The address that this node's rewards go to. @throws NodeError `not-running` */
  get peerId(): string {
    return this.#started().network.peerId;
  }

  /** Multiaddrs, with peer id, at which others can dial this node. */
  addresses(): string[] {
    return this.#started().network.addresses();
  }

  status(): NodeStatus {
    const { follower, forge, mempool, network, sync } = this.#started();
    return {
      version: VERSION,
      name: this.name,
      network: this.network,
      networkId: this.networkId,
      peerId: network.peerId,
      addresses: network.addresses(),
      head: follower.head,
      peers: network.peers().length,
      pending: mempool.size,
      mining: forge.status,
      tiedHeads: [...new Set([...follower.tiedHeads, ...sync.heads.tiedWith(follower.head)])],
    };
  }

  /** What is kept over time as metrics, beside the status and the events. */
  figures(): NodeFigures {
    const { store, mempool, miner, sync, verdicts } = this.#started();
    return {
      chainBytes: store.bytes,
      mempoolBytes: mempool.bytes,
      writes: store.writes,
      tried: miner.tried,
      threads: miner.threads,
      syncing: sync.isFetching,
      verdicts: verdicts.counts,
    };
  }

  peers(): NodePeer[] {
    const { network, sync } = this.#started();
    return network.peers().map((peer) => {
      const { head, at } = sync.heads.of(peer.peerId) ?? {};
      return { ...peer, length: head?.length ?? null, head: head?.hash ?? null, heardAt: at ?? null };
    });
  }

  /** Asks every connected peer for its head, for {@link peers} to tell. Peers that do not answer are passed over. */
  survey(): Promise<void> {
    return this.#started().sync.survey();
  }

  /** What is known of what may stand between this node and others. */
  diagnosis(): Promise<Facts> {
    return this.#started().diagnostician.facts();
  }

  /** How often each limit on what strangers may do was hit since the start, by its name. */
  boundsHit(): ReadonlyMap<Bound, number> {
    return this.#started().bounds.counts;
  }

  /**
   * Forges one block on our head, after those who asked before.
   *
   * @param signal aborted when nobody wants the block any more
   * @throws NodeError `mining-busy`; MiningError; the signal's reason
   */
  mine(signal: AbortSignal = new AbortController().signal): Promise<Block> {
    return this.#started().forge.forge(signal);
  }

  /** Seconds between two blocks that this node mines by itself, on average; null where it mines only when asked. */
  get miningPace(): number | null {
    return this.#started().autoMiner.everySeconds;
  }

  /** Mines by itself from now on, on average every so many seconds, above 0; or, with null, only when asked. */
  setMiningPace(everySeconds: number | null): void {
    this.#started().autoMiner.setPace(everySeconds);
    this.#pace = everySeconds;
  }

  /**
   * Sends a transaction: it is checked, on disk, and on its way to the peers when this resolves.
   *
   * @param fields `{sender, recipient, amount}`, and `nonce` for one that may be sent again
   * @throws InvalidTransaction; NodeError `mempool-full`
   */
  async send(fields: unknown): Promise<SentTransaction> {
    return await sendPayment(this.#started(), this.network, fields);
  }

  /** The blocks from index `from` on, as of now: what changes meanwhile is not seen. */
  async *chain({ from = 1, limit = Number.POSITIVE_INFINITY } = {}): AsyncGenerator<Block> {
    const snapshot = await this.snapshot();
    try {
      yield* blocksFrom(snapshot, from, limit);
    } finally {
      await snapshot.close();
    }
  }

  /** An unchanging view of the chain, to be closed. */
  snapshot(): Promise<ChainSnapshot> {
    return this.#started().store.snapshot();
  }

  /** A block of our chain, by its index or its hash. */
  async block(indexOrHash: number | string): Promise<FoundBlock | undefined> {
    return await findBlock(this.#started(), indexOrHash);
  }

  /** All transactions that wait for a block, first come first. */
  pending(): PendingTransaction[] {
    return this.#started().mempool.entries();
  }

  /** A transaction that waits for a block or is in one, by its id. */
  async transaction(id: string): Promise<FoundTransaction | undefined> {
    return await findTransaction(this.#started(), id);
  }

  /** The blocks replaced last by a longer chain, newest first. */
  replaced(): Promise<ReplacedBlock[]> {
    return this.#started().store.replaced();
  }

  /**
   * Connects to a peer and keeps connected to it.
   *
   * @param address a multiaddr, with or without peer id
   * @returns the peer's id
   * @throws DialError; NodeError `other-network`
   */
  async connect(address: string, signal?: AbortSignal): Promise<string> {
    return await this.#started().connect(address, signal);
  }

  /** The code by which others can join: it holds the network and this node's addresses. @throws InvitationError `cannot-invite` */
  invitation(): string {
    return writeInvitation({ network: this.network, peerId: this.peerId, addresses: this.addresses() });
  }

  /**
   * Connects to the node that made an invitation, and keeps connected to it.
   *
   * @param code an invitation to this node's network; to start a node for any, see the option `join`
   * @returns the peer's id
   * @throws InvitationError
   */
  async join(code: string, signal: AbortSignal = new AbortController().signal): Promise<string> {
    const { connect } = this.#started();
    const invitation = readInvitation(code);
    mustBeFor(this.network, invitation);
    return await joinBy(invitation, connect, signal);
  }

  /**
   * Asks every connected peer for its chain, and takes the longest valid one that is longer than ours.
   *
   * @returns whether our chain was replaced
   */
  async resolve(signal: AbortSignal = new AbortController().signal): Promise<boolean> {
    const { sync } = this.#started();
    let isReplaced = false;
    // What this node mines meanwhile makes its chain longer, too.
    const changed = ({ from }: { readonly from: string | null }) => {
      isReplaced ||= from !== null;
    };
    // Before others: where one of them throws, those after it are not told.
    this.prependListener('block', changed);
    this.prependListener('reorg', changed);
    try {
      await sync.resolve(signal);
      return isReplaced;
    } finally {
      this.off('block', changed);
      this.off('reorg', changed);
    }
  }

  #restart(): Promise<void> {
    return this.#changes.run(async () => {
      await this.#stopParts();
      this.#parts = await this.#startParts();
      this.#tell('restart', { at: Date.now() });
    });
  }

  #startParts(): Promise<Parts> {
    this.#ending = new AbortController();
    const options = { ...this.#options, mineEverySeconds: this.#pace ?? undefined };
    return startParts(options, this.#tell, this.#troubled, this.#ending.signal);
  }

  async #stopParts(): Promise<void> {
    const parts = this.#parts;
    this.#parts = undefined;
    this.#ending.abort();
    await parts?.stop();
  }

  /** What is kept can still be read. */
  readonly #troubled = ({ code, message }: StorageError) => {
    const isDamaged = code === 'damaged';
    this.#options.log.error({ reason: message }, isDamaged ? 'chain-damaged' : 'write-failed');
    if (!isDamaged) this.#recovery?.begin();
  };

  /** A listener that throws is its owner's mistake, and must not stop the node. */
  readonly #tell: Emit = (name, event) => {
    try {
      // biome-ignore lint/suspicious/noExplicitAny: node's types cannot follow an event's name to its arguments here
      (this.emit as any)(name, event);
    } catch (error) {
      this.#options.log.error({ event: name, error: String(error) }, 'listener-failed');
    }
  };

  #started(): Parts {
    if (this.#parts === undefined)
      throw new NodeError('not-running', 'the node is not running: start it first');
    return this.#parts;
  }
}
