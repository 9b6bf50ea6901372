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
import type { Multiaddr } from '@multiformats/multiaddr';
import type { Pubsub } from '../../protocols/gossip/gossip.js';
import { type Bounds, UNCOUNTED } from '../bounds.js';
import { withAny } from '../with-any.js';
import { parseDialAddress, peerIdIn } from './address.js';
import { DIAL_TIMEOUT_MS, MAX_KNOWN_PEERS, STOP_TIMEOUT_MS } from './constants.js';
import { type Diagnosis, DiagnosisBook, type DropReason, withoutMdns } from './diagnosis.js';
import { dialAddress, dialPeer, dialPeerAt } from './dial.js';
import { Dialler } from './dialler.js';
import { Discovery, type DiscoveryEvents } from './discovery.js';
import { ConnectionFault, type DialError, NotConnectedError, NotStartedError } from './errors.js';
import { createHost, type Host, isConnected } from './host.js';
import { InboundGate } from './inbound-gate.js';
import { DEFAULT_LISTEN, type NetworkEvents, type NetworkInit } from './init.js';
import { InterfaceWatch } from './interfaces.js';
import { OneConnection } from './one-connection.js';
import { type ExchangePeers, PeerExchange } from './peer-exchange.js';
import { type ConnectedPeer, Peers } from './peers.js';
import { listenAddresses, NO_PORT_MEMORY, rememberPort } from './ports.js';
import { Shunned } from './shunned.js';

interface Handler {
  handler: StreamHandler;
  options: StreamHandlerOptions | undefined;
}

/** What runs between start and stop. */
interface Running {
  host: Host;
  dialler: Dialler;
  peers: Peers;
  oneConnection: OneConnection;
  gate: InboundGate;
  interfaces: InterfaceWatch;
  discovery: Discovery | undefined;
  exchange: PeerExchange | undefined;
}

/** The libp2p host as the node uses it: peers are found, dialled and kept; streams and pubsub run over them. */
export class Network extends EventEmitter<NetworkEvents> {
  /** This node's peer id: the address its rewards go to. */
  readonly peerId: string;
  readonly #init: NetworkInit;
  readonly #handlers = new Map<string, Handler>();
  readonly #shunned = new Shunned();
  readonly #book = new DiagnosisBook();
  readonly #bounds: Bounds;
  #running: Running | undefined;

  constructor(init: NetworkInit) {
    super();
    this.#init = init;
    this.#bounds = init.bounds ?? UNCOUNTED;
    this.peerId = peerIdFromPrivateKey(init.privateKey).toString();
  }

  /**
   * Listens, then looks for peers.
   *
   * @throws {ListenError} an address cannot be listened on
   * @throws {DialError} `bad-address`: a fixed peer's address is none
   */
  async start(): Promise<void> {
    if (this.#running !== undefined) return;
    const { networkId, listen = DEFAULT_LISTEN, ports = NO_PORT_MEMORY, mdns = true, log } = this.#init;
    const fixed = (this.#init.peers ?? []).map(parseDialAddress);
    const gate = new InboundGate(this.#bounds);
    const host = await createHost({
      ...this.#init,
      gate,
      bounds: this.#bounds,
      listen: await listenAddresses(listen, ports),
      denies: (peerId) => this.#shunned.has(peerId),
    });
    const dialler = new Dialler(
      {
        self: this.peerId,
        isConnected: (peerId) => isConnected(host, peerId),
        dialPeer: (peerId, addresses, signal) => dialPeer(host, peerId, addresses, signal),
        dialHearsay: (peerId, addresses, signal) => dialPeerAt(host, peerId, addresses, signal),
        dialAddress: (address, signal) => dialAddress(host, address, signal),
        forgotten: (peerId) => this.#forget(host, peerId),
      },
      log,
      Math.random,
      (target, failure) => this.#book.dialled(target, failure),
    );
    const discoveryEvents: DiscoveryEvents = {
      found: (peerId, addresses) => this.#sight(dialler, peerId, addresses),
      otherNetwork: (digits, from) => this.#book.heardOther(digits, from),
    };
    const discovery = mdns ? new Discovery(host.services.mdns, networkId, discoveryEvents, log) : undefined;
    const running: Running = {
      host,
      dialler,
      peers: new Peers(host),
      oneConnection: new OneConnection(host, log, this.#bounds),
      gate,
      interfaces: new InterfaceWatch((now) => {
        discovery?.use(now);
        dialler.hurry();
        void host.services.identifyPush.push(); // it reports its own failures
      }, log),
      discovery,
      exchange: this.#init.sharePeers ? this.#exchange(host, dialler) : undefined,
    };
    this.#running = running;
    try {
      await this.#open(running);
      await rememberPort(host.getMultiaddrs(), listen, ports);
      for (const address of fixed) this.#keep(address, dialler);
      for (const { id, addresses } of (await host.peerStore.all()).slice(0, MAX_KNOWN_PEERS)) {
        if (addresses.length === 0 || id.toString() === this.peerId) continue;
        const known = addresses.map(({ multiaddr }) => multiaddr);
        this.#book.sightedFirst(id.toString(), known, 'remembered');
        dialler.remember(id.toString());
      }
      running.interfaces.start();
      await discovery?.start(running.interfaces.list);
      running.exchange?.start();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  #sight(dialler: Dialler, peerId: string, addresses: readonly Multiaddr[]): void {
    this.#book.sighted(peerId, addresses, 'mdns');
    if (!this.#shunned.has(peerId)) dialler.sight(peerId, addresses);
  }

  #keep(address: Multiaddr, dialler: Dialler): void {
    const peerId = peerIdIn(address);
    if (peerId !== undefined) this.#book.sighted(peerId, [address], 'fixed');
    dialler.keep(address);
  }

  #exchange(host: Host, dialler: Dialler): PeerExchange {
    const { networkId, log } = this.#init;
    const peers: ExchangePeers = {
      isConnected: (peerId) => isConnected(host, peerId),
      isKnown: (peerId) => dialler.knows(peerId),
      hear: (peerId, addresses, teller) => {
        this.#book.sighted(peerId, addresses, 'exchange');
        if (!this.#shunned.has(peerId)) dialler.hear(peerId, addresses, teller);
      },
      giveUp: (peerId) => void dialler.giveUp(peerId),
    };
    return new PeerExchange(host, networkId, peers, log, this.#bounds);
  }

  /** Takes a peer out of the peer store: identities cost nothing, and it has no bound of its own. */
  #forget(host: Host, peerId: string): void {
    host.peerStore
      .delete(peerIdFromString(peerId))
      .catch((error: Error) => this.#init.log.debug({ peer: peerId, error }, 'peer-not-forgotten'));
  }

  /** Hears of every peer from the first on: the listeners are there before the host listens. */
  async #open({ host, dialler, peers, oneConnection, gate, exchange }: Running): Promise<void> {
    host.addEventListener('connection:open', ({ detail }) => {
      gate.upgraded(detail.remoteAddr);
      if (detail.direction === 'inbound') dialler.reachedBy(detail.remotePeer.toString());
      detail.addEventListener('close', ({ error }) => {
        if (error instanceof ConnectionFault) this.#bounds.hit(error.bound, detail.remotePeer.toString());
      });
    });
    host.addEventListener('peer:connect', ({ detail }) => {
      if (!this.#shunned.has(detail.toString())) dialler.connected(detail.toString());
      exchange?.met();
    });
    host.addEventListener('peer:disconnect', ({ detail }) => {
      dialler.disconnected(detail.toString());
      // For whom there was no room among the known peers, or who was dropped.
      if (!dialler.knows(detail.toString())) this.#forget(host, detail.toString());
    });
    peers.on('connect', (peer) => {
      this.#book.sightedFirst(peer.peerId, peer.addresses, 'peer');
      this.#book.dialled({ peerId: peer.peerId });
      this.emit('peer:connect', peer);
    });
    peers.on('disconnect', (peerId) => this.emit('peer:disconnect', peerId));
    peers.start();
    oneConnection.start();
    for (const [protocol, { handler, options }] of this.#handlers)
      await host.handle(protocol, handler, options);
    await host.start();
  }

  /** Ends everything in the reverse order, within 1.5 s; what is not ended by then is left to the process's end. */
  async stop(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    const end = async () => {
      running.interfaces.stop();
      await running.exchange?.stop();
      await running.discovery?.stop();
      running.dialler.stop();
      running.oneConnection.stop();
      running.peers.stop();
      running.peers.removeAllListeners();
      await running.host.stop();
    };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), STOP_TIMEOUT_MS);
    });
    if ((await Promise.race([end(), late])) === 'late') this.#init.log.warn({}, 'network-stop-timed-out');
    clearTimeout(timer);
  }

  /** Multiaddrs, with peer id, at which others can dial this node. */
  addresses(): string[] {
    return this.#running?.host.getMultiaddrs().map(String) ?? [];
  }

  /** All connected peers, the longest connected first. */
  peers(): ConnectedPeer[] {
    return this.#running?.peers.list() ?? [];
  }

  /** What is known of interfaces, of peers heard of, and of how dials ended; kept beyond the stop. */
  diagnosis(): Diagnosis {
    const { interfaces, discovery } = this.#running ?? {};
    return this.#book.show(discovery?.interfaces() ?? interfaces?.list.map(withoutMdns) ?? []);
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
    return this.#running?.host.getConnections().length ?? 0;
  }

  /**
   * Connects to a peer, and keeps connected to it.
   *
   * @param address a multiaddr, with or without peer id
   * @returns the peer's id
   * @throws {DialError} with one line that says why
   */
  async connect(address: string, signal?: AbortSignal): Promise<string> {
    const { host, dialler } = this.#started();
    const parsed = parseDialAddress(address);
    const expected = peerIdIn(parsed);
    if (expected !== undefined) this.#shunned.pardon(expected);
    const ends = [AbortSignal.timeout(DIAL_TIMEOUT_MS), ...(signal === undefined ? [] : [signal])];
    const dial = withAny(ends, (either) => dialAddress(host, parsed, either));
    const peerId = await dial.catch((error: DialError) => {
      this.#book.dialled({ peerId: expected, address: parsed.toString() }, error);
      throw error;
    });
    this.#book.dialled({ peerId, address: parsed.toString() });
    this.#keep(expected === undefined ? parsed.encapsulate(`/p2p/${peerId}`) : parsed, dialler);
    return peerId;
  }

  /**
   * Drops a peer: it is hung up on, and neither dialled nor let in for a minute (unless {@link connect} is asked).
   *
   * @param why is kept for the {@link diagnosis}
   * @returns whether that is news: it was not dropped within the last minute
   */
  drop(peer: PeerId | string, why: DropReason = { outcome: 'dropped', message: '' }): boolean {
    const { host, dialler } = this.#started();
    const id = asPeerId(peer);
    const isNews = !this.#shunned.has(id.toString());
    this.#book.dropped(id.toString(), why);
    this.#shunned.add(id.toString());
    dialler.forget(id.toString());
    host
      .hangUp(id, { signal: AbortSignal.timeout(STOP_TIMEOUT_MS) })
      .catch((error: Error) => this.#init.log.debug({ peer: id.toString(), error }, 'hang-up-failed'));
    return isNews;
  }

  /** Serves a protocol; before or after the start. */
  async handle(protocol: string, handler: StreamHandler, options?: StreamHandlerOptions): Promise<void> {
    this.#handlers.set(protocol, { handler, options });
    await this.#running?.host.handle(protocol, handler, options);
  }

  async unhandle(protocol: string): Promise<void> {
    this.#handlers.delete(protocol);
    await this.#running?.host.unhandle(protocol);
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

  #started(): Running {
    if (this.#running === undefined) throw new NotStartedError();
    return this.#running;
  }
}

function asPeerId(peer: PeerId | string): PeerId {
  return typeof peer === 'string' ? peerIdFromString(peer) : peer;
}
