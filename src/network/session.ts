/** What a network runs between its start and its stop: made, wired and started in order, stopped in the reverse one. */
import type { PeerId, StreamHandler, StreamHandlerOptions } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import type { Multiaddr } from '@multiformats/multiaddr';
import { type Bounds, UNCOUNTED } from '../bounds.js';
import { parseDialAddress, peerIdIn } from './address.js';
import { MAX_KNOWN_PEERS, STOP_TIMEOUT_MS } from './constants.js';
import { type DiagnosisBook, type InterfaceState, withoutMdns } from './diagnosis.js';
import { dialAddress, dialPeer, dialPeerAt } from './dial.js';
import { Dialler } from './dialler.js';
import { Discovery, type DiscoveryEvents } from './discovery.js';
import { ConnectionFault } from './errors.js';
import { createHost, type Host, isConnected } from './host.js';
import { InboundGate } from './inbound-gate.js';
import { DEFAULT_LISTEN, type NetworkInit } from './init.js';
import { InterfaceWatch } from './interfaces.js';
import { OneConnection } from './one-connection.js';
import { type ExchangePeers, PeerExchange } from './peer-exchange.js';
import { Peers } from './peers.js';
import { listenAddresses, NO_PORT_MEMORY, rememberPort } from './ports.js';
import type { Shunned } from './shunned.js';

/** A protocol that is served. */
export interface Handler {
  readonly protocol: string;
  readonly handler: StreamHandler;
  readonly options: StreamHandlerOptions | undefined;
}

/** What a network knows beyond its stop. */
export interface Memory {
  readonly shunned: Shunned;
  readonly book: DiagnosisBook;
}

interface SessionInit extends NetworkInit {
  bounds: Bounds;
}

export class Session {
  readonly peers: Peers;
  readonly #dialler: Dialler;
  readonly #oneConnection: OneConnection;
  readonly #interfaces: InterfaceWatch;
  readonly #discovery: Discovery | undefined;
  readonly #exchange: PeerExchange | undefined;
  #isClosing = false;

  private constructor(
    private readonly init: SessionInit,
    private readonly memory: Memory,
    private readonly gate: InboundGate,
    readonly host: Host,
  ) {
    const { log, bounds } = init;
    const { book } = memory;
    this.#dialler = new Dialler(
      {
        self: host.peerId.toString(),
        isConnected: (peerId) => isConnected(host, peerId),
        dialPeer: (peerId, addresses, signal) => dialPeer(host, peerId, addresses, signal),
        dialHearsay: (peerId, addresses, signal) => dialPeerAt(host, peerId, addresses, signal),
        dialAddress: (address, signal) => dialAddress(host, address, signal),
        forgotten: (peerId) => this.#forget(peerId),
      },
      log,
      Math.random,
      (target, failure) => book.dialled(target, failure),
    );
    this.peers = new Peers(host);
    this.#oneConnection = new OneConnection(host, log, bounds);
    this.#discovery = (init.mdns ?? true) ? this.#makeDiscovery() : undefined;
    this.#exchange = init.sharePeers ? this.#makeExchange() : undefined;
    this.#interfaces = new InterfaceWatch((now) => {
      this.#discovery?.use(now);
      this.#dialler.hurry();
      void host.services.identifyPush.push(); // it reports its own failures
    }, log);
  }

  /** Everything, not started yet. */
  static async make(init: NetworkInit, memory: Memory): Promise<Session> {
    const { listen = DEFAULT_LISTEN, ports = NO_PORT_MEMORY, bounds = UNCOUNTED } = init;
    const gate = new InboundGate(bounds);
    const host = await createHost({
      ...init,
      bounds,
      gate,
      listen: await listenAddresses(listen, ports),
      denies: (peerId, dialled) => {
        if (dialled !== undefined) memory.shunned.found(peerId, dialled);
        return memory.shunned.has(peerId);
      },
    });
    return new Session({ ...init, bounds }, memory, gate, host);
  }

  /**
   * Listens, then looks for peers: the fixed ones, those of before, and whoever is there.
   *
   * @throws {ListenError} an address cannot be listened on
   * @throws {DialError} `bad-address`: a fixed peer's address is none
   */
  async start(handlers: Iterable<Handler>): Promise<void> {
    const { listen = DEFAULT_LISTEN, ports = NO_PORT_MEMORY, peers = [] } = this.init;
    const fixed = peers.map(parseDialAddress);
    await this.#open(handlers);
    await rememberPort(this.host.getMultiaddrs(), listen, ports);
    for (const address of fixed) this.keep(address);
    await this.#remember();
    this.#interfaces.start();
    await this.#discovery?.start(this.#interfaces.list);
    this.#exchange?.start();
  }

  /** Ends everything in the reverse order, within 1.5 s; what is not ended by then is left to the process's end. */
  async end(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), STOP_TIMEOUT_MS);
    });
    if ((await Promise.race([this.#close(), late])) === 'late')
      this.init.log.warn({}, 'network-stop-timed-out');
    clearTimeout(timer);
  }

  /** What mDNS does on each interface. */
  interfaces(): InterfaceState[] {
    return this.#discovery?.interfaces() ?? this.#interfaces.list.map(withoutMdns);
  }

  /** Connects to whoever is at this address, and keeps connected. */
  keep(address: Multiaddr): void {
    const peerId = peerIdIn(address);
    if (peerId !== undefined) this.memory.book.sighted(peerId, [address], 'fixed');
    this.#dialler.keep(address);
  }

  /** Undoes {@link keep}, unless the node was started with this address. */
  letGo(address: Multiaddr): void {
    const given = (this.init.peers ?? []).map(parseDialAddress);
    if (!given.some((other) => other.equals(address))) this.#dialler.letGo(address);
  }

  /** Hangs up on a peer, and dials it no more for now. */
  drop(peer: PeerId): void {
    this.#dialler.forget(peer.toString());
    this.host
      .hangUp(peer, { signal: AbortSignal.timeout(STOP_TIMEOUT_MS) })
      .catch((error: Error) => this.init.log.debug({ peer: peer.toString(), error }, 'hang-up-failed'));
  }

  #makeDiscovery(): Discovery {
    const { networkId, log } = this.init;
    const { shunned, book } = this.memory;
    const events: DiscoveryEvents = {
      found: (peerId, addresses) => {
        book.sighted(peerId, addresses, 'mdns');
        if (!shunned.has(peerId)) this.#dialler.sight(peerId, addresses);
      },
      otherNetwork: (digits, from) => book.heardOther(digits, from),
    };
    return new Discovery(this.host.services.mdns, networkId, events, log);
  }

  #makeExchange(): PeerExchange {
    const { networkId, log, bounds } = this.init;
    const { shunned, book } = this.memory;
    const peers: ExchangePeers = {
      isConnected: (peerId) => isConnected(this.host, peerId),
      addressesOf: (peerId) => this.peers.addressesOf(peerId),
      isKnown: (peerId) => this.#dialler.knows(peerId),
      hear: (peerId, addresses, teller) => {
        book.sighted(peerId, addresses, 'exchange');
        if (!shunned.has(peerId)) this.#dialler.hear(peerId, addresses, teller);
      },
      giveUp: (peerId) => void this.#dialler.giveUp(peerId),
    };
    return new PeerExchange(this.host, networkId, peers, log, bounds);
  }

  /** Hears of every peer from the first on: the listeners are there before the host listens. */
  async #open(handlers: Iterable<Handler>): Promise<void> {
    const { host } = this;
    const { shunned } = this.memory;
    const { bounds } = this.init;
    host.addEventListener('connection:open', ({ detail }) => {
      this.gate.upgraded(detail.remoteAddr);
      if (detail.direction === 'inbound') this.#dialler.reachedBy(detail.remotePeer.toString());
      detail.addEventListener('close', ({ error }) => {
        if (error instanceof ConnectionFault) bounds.hit(error.bound, detail.remotePeer.toString());
      });
    });
    host.addEventListener('peer:connect', ({ detail }) => {
      if (!shunned.has(detail.toString())) this.#dialler.connected(detail.toString());
      this.#exchange?.met(detail.toString());
    });
    host.addEventListener('peer:disconnect', ({ detail }) => {
      this.#dialler.disconnected(detail.toString());
      // For whom there was no room among the known peers, or who was dropped.
      this.#forgetIfGone(detail);
    });
    // Libp2p writes down how a dial ended, and what identify was told, also where nobody wants to know any more.
    host.addEventListener('peer:update', ({ detail }) => this.#forgetIfGone(detail.peer.id));
    this.peers.start();
    this.#oneConnection.start();
    for (const { protocol, handler, options } of handlers) await host.handle(protocol, handler, options);
    await host.start();
  }

  async #close(): Promise<void> {
    this.#isClosing = true;
    this.#interfaces.stop();
    await this.#exchange?.stop();
    await this.#discovery?.stop();
    this.#dialler.stop();
    this.#oneConnection.stop();
    this.peers.stop();
    this.peers.removeAllListeners();
    await this.host.stop();
  }

  /** Peers of before, as many as may be known; what else is left of before is of no use. */
  async #remember(): Promise<void> {
    const all = await this.host.peerStore.all();
    const reachable = all.filter(({ addresses }) => addresses.length > 0);
    for (const { id, addresses } of reachable.slice(0, MAX_KNOWN_PEERS)) {
      const multiaddrs = addresses.map(({ multiaddr }) => multiaddr);
      this.memory.book.sightedFirst(id.toString(), multiaddrs, 'remembered');
      this.#dialler.remember(id.toString());
    }
    for (const { id } of all) this.#forgetIfGone(id);
  }

  #forgetIfGone(peer: PeerId): void {
    const peerId = peer.toString();
    if (!this.#dialler.knows(peerId) && !isConnected(this.host, peerId)) this.#forget(peerId);
  }

  /** Takes a peer out of the peer store: identities cost nothing, and it has no bound of its own. */
  #forget(peerId: string): void {
    // The dialler that ends knows nobody; the next one is to remember them.
    if (this.#isClosing) return;
    this.host.peerStore
      .delete(peerIdFromString(peerId))
      .catch((error: Error) => this.init.log.debug({ peer: peerId, error }, 'peer-not-forgotten'));
  }
}
