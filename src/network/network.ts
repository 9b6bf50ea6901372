import './with-resolvers.js';
import { EventEmitter } from 'node:events';
import type {
  NewStreamOptions,
  PeerId,
  Stream,
  StreamHandler,
  StreamHandlerOptions,
} from '@libp2p/interface';
import { peerIdFromPrivateKey, peerIdFromString } from '@libp2p/peer-id';
import type { Pubsub } from '../../protocols/gossip/gossip.js';
import { withAny } from '../with-any.js';
import { parseDialAddress, peerIdIn, withPeerId } from './address.js';
import { DIAL_TIMEOUT_MS } from './constants.js';
import { type Diagnosis, DiagnosisBook, type DropReason } from './diagnosis.js';
import { dialAddress } from './dial.js';
import { type DialError, NotConnectedError, NotStartedError } from './errors.js';
import type { NetworkEvents, NetworkInit } from './init.js';
import type { ConnectedPeer } from './peers.js';
import { type Handler, Session } from './session.js';
import { Shunned } from './shunned.js';

/** The libp2p host as the node uses it: peers are found, dialled and kept; streams and pubsub run over them. */
export class Network extends EventEmitter<NetworkEvents> {
  /** This node's peer id: the address its rewards go to. */
  readonly peerId: string;
  readonly #init: NetworkInit;
  readonly #handlers = new Map<string, Handler>();
  readonly #shunned = new Shunned();
  readonly #book = new DiagnosisBook();
  #session: Session | undefined;

  constructor(init: NetworkInit) {
    super();
    this.#init = init;
    this.peerId = peerIdFromPrivateKey(init.privateKey).toString();
  }

  /**
   * Listens, then looks for peers.
   *
   * @throws {ListenError} an address cannot be listened on
   * @throws {DialError} `bad-address`: a fixed peer's address is none
   */
  async start(): Promise<void> {
    if (this.#session !== undefined) return;
    const session = await Session.make(this.#init, { shunned: this.#shunned, book: this.#book });
    // Peers come before the start is over, and whoever hears of them asks.
    this.#session = session;
    session.peers.on('connect', (peer) => {
      this.#book.sightedFirst(peer.peerId, peer.addresses, 'peer');
      this.#book.dialled({ peerId: peer.peerId });
      this.emit('peer:connect', peer);
    });
    session.peers.on('disconnect', (peerId) => this.emit('peer:disconnect', peerId));
    try {
      await session.start(this.#handlers.values());
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Ends everything, within 1.5 s. */
  async stop(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.end();
  }

  /** Multiaddrs, with peer id, at which others can dial this node. */
  addresses(): string[] {
    return this.#session?.host.getMultiaddrs().map(String) ?? [];
  }

  /** All connected peers, the longest connected first. */
  peers(): ConnectedPeer[] {
    return this.#session?.peers.list() ?? [];
  }

  /** What is known of interfaces, of peers heard of, and of how dials ended; kept beyond the stop. */
  diagnosis(): Diagnosis {
    return this.#book.show(this.#session?.interfaces() ?? []);
  }

  /** The ids of all connected peers, the longest connected first. */
  connected(): PeerId[] {
    return this.peers().map(({ peerId }) => peerIdFromString(peerId));
  }

  /** A peer's id as libp2p has it, out of its text. */
  idOf(peerId: string): PeerId {
    return peerIdFromString(peerId);
  }

  /** Open connections: one a peer, but for moments after two peers dialled each other at once. */
  get connectionCount(): number {
    return this.#session?.host.getConnections().length ?? 0;
  }

  /**
   * Connects to a peer, and keeps connected to it.
   *
   * @param address a multiaddr, with or without peer id
   * @returns the peer's id
   * @throws {DialError} with one line that says why
   */
  async connect(address: string, signal?: AbortSignal): Promise<string> {
    const session = this.#started();
    const parsed = parseDialAddress(address);
    const expected = peerIdIn(parsed);
    if (expected !== undefined) this.#shunned.pardon(expected);
    const ends = [AbortSignal.timeout(DIAL_TIMEOUT_MS), ...(signal === undefined ? [] : [signal])];
    const dial = this.#shunned.pardoning(parsed, () =>
      withAny(ends, (either) => dialAddress(session.host, parsed, either)),
    );
    const peerId = await dial.catch((error: DialError) => {
      this.#book.dialled({ peerId: expected, address: parsed.toString() }, error);
      throw error;
    });
    this.#book.dialled({ peerId, address: parsed.toString() });
    session.keep(withPeerId(parsed, peerId));
    return peerId;
  }

  /** Is not to be connected to a peer any more, at an address that was given to {@link connect}. */
  letGo(address: string, peerId: string): void {
    this.#session?.letGo(withPeerId(parseDialAddress(address), peerId));
  }

  /**
   * Drops a peer: it is hung up on, and neither dialled nor let in for a minute (unless {@link connect} is asked). After
   * it, an address that was kept is dialled again.
   *
   * @param why is kept for the {@link diagnosis}
   * @returns whether that is news: it was not dropped within the last minute. Never where the network does not run: what
   *   happens while it stops is blamed on peers too, in listeners that must not throw
   */
  drop(peer: PeerId | string, why: DropReason = { outcome: 'dropped', message: '' }): boolean {
    const session = this.#session;
    if (session === undefined) return false;
    const id = asPeerId(peer);
    const isNews = !this.#shunned.has(id.toString());
    this.#book.dropped(id.toString(), why);
    this.#shunned.add(id.toString());
    session.drop(id);
    return isNews;
  }

  /** Serves a protocol; before or after the start. */
  async handle(protocol: string, handler: StreamHandler, options?: StreamHandlerOptions): Promise<void> {
    this.#handlers.set(protocol, { protocol, handler, options });
    await this.#session?.host.handle(protocol, handler, options);
  }

  async unhandle(protocol: string): Promise<void> {
    this.#handlers.delete(protocol);
    await this.#session?.host.unhandle(protocol);
  }

  /**
   * Opens a stream to a connected peer.
   *
   * @throws {NotConnectedError}
   */
  async openStream(
    peer: PeerId | string,
    protocol: string,
    options: NewStreamOptions & { signal: AbortSignal },
  ): Promise<Stream> {
    const { host } = this.#started();
    const id = asPeerId(peer);
    const connection = host.getConnections(id).findLast(({ status }) => status === 'open');
    if (connection === undefined) throw new NotConnectedError(id.toString());
    return connection.newStream(protocol, options);
  }

  /** What the gossip protocol runs on, between start and stop. */
  get pubsub(): Pubsub {
    return this.#started().host.services.pubsub;
  }

  /** The ids of the peers that listen to a topic, as far as they have told us. */
  subscribers(topic: string): string[] {
    return this.#started().host.services.pubsub.getSubscribers(topic).map(String);
  }

  #started(): Session {
    if (this.#session === undefined) throw new NotStartedError();
    return this.#session;
  }
}

function asPeerId(peer: PeerId | string): PeerId {
  return typeof peer === 'string' ? peerIdFromString(peer) : peer;
}
