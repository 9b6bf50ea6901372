import { EventEmitter } from 'node:events';
import type { IdentifyResult, PeerId } from '@libp2p/interface';
import { isLoopback } from '@libp2p/utils';
import { peerIdIn } from './address.js';
import { IDENTIFY_WAIT_MS, MAX_ADDRESSES_PER_PEER } from './constants.js';
import type { Host } from './host.js';
import { roundTripMs } from './muxer.js';
import { nicknameOf } from './user-agent.js';

/** A peer we are connected to. */
export interface ConnectedPeer {
  readonly peerId: string;
  /** What it calls itself, fit to be shown; empty when it has not said. */
  readonly name: string;
  /** Multiaddrs, with peer id, at which others can dial it; none for a peer that only dials. */
  readonly addresses: readonly string[];
  /** Who dialled. */
  readonly direction: 'inbound' | 'outbound';
  readonly connectedAt: Date;
  /** Round-trip time of the last ping, in ms; null before the first. */
  readonly rttMs: number | null;
}

interface PeersEvents {
  /** Once a peer, not once a connection, and when its name and protocols are known (at the latest after 2 s). */
  connect: [peer: ConnectedPeer];
  disconnect: [peerId: string];
}

interface Entry {
  readonly id: PeerId;
  name: string;
  addresses: string[];
  readonly direction: 'inbound' | 'outbound';
  readonly connectedAt: Date;
  /** Set until the peer is announced. */
  waiting: NodeJS.Timeout | undefined;
}

type PeersHost = Pick<Host, 'addEventListener' | 'removeEventListener' | 'getConnections'>;

/** Who is connected. */
export class Peers extends EventEmitter<PeersEvents> {
  readonly #host: PeersHost;
  readonly #entries = new Map<string, Entry>();

  constructor(host: PeersHost) {
    super();
    this.#host = host;
  }

  start(): void {
    this.#host.addEventListener('peer:connect', this.#onConnect);
    this.#host.addEventListener('peer:identify', this.#onIdentify);
    this.#host.addEventListener('peer:disconnect', this.#onDisconnect);
  }

  /** Says nothing of who was connected: the end of the network is no news of a peer. */
  stop(): void {
    this.#host.removeEventListener('peer:connect', this.#onConnect);
    this.#host.removeEventListener('peer:identify', this.#onIdentify);
    this.#host.removeEventListener('peer:disconnect', this.#onDisconnect);
    for (const { waiting } of this.#entries.values()) clearTimeout(waiting);
    this.#entries.clear();
  }

  /** All who are connected and announced, the longest connected first. */
  list(): ConnectedPeer[] {
    return [...this.#entries.values()]
      .filter(({ waiting }) => waiting === undefined)
      .map((entry) => this.#show(entry));
  }

  /** Where a connected peer says that it can be dialled, with peer id; nothing before it has said so. */
  addressesOf(peerId: string): readonly string[] {
    return this.#entries.get(peerId)?.addresses ?? [];
  }

  readonly #onConnect = ({ detail: id }: CustomEvent<PeerId>): void => {
    const key = id.toString();
    if (this.#entries.has(key)) return;
    const entry: Entry = {
      id,
      name: '',
      addresses: [],
      direction: this.#host.getConnections(id)[0]?.direction ?? 'inbound',
      connectedAt: new Date(),
      waiting: setTimeout(() => this.#announce(entry), IDENTIFY_WAIT_MS),
    };
    this.#entries.set(key, entry);
  };

  readonly #onIdentify = ({ detail }: CustomEvent<IdentifyResult>): void => {
    const entry = this.#entries.get(detail.peerId.toString());
    if (entry === undefined) return;
    entry.name = nicknameOf(detail.agentVersion);
    entry.addresses = dialable(detail);
    this.#announce(entry);
  };

  readonly #onDisconnect = ({ detail: id }: CustomEvent<PeerId>): void => {
    const key = id.toString();
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    if (entry.waiting === undefined) this.emit('disconnect', key);
    clearTimeout(entry.waiting);
  };

  #announce(entry: Entry): void {
    if (entry.waiting === undefined) return;
    clearTimeout(entry.waiting);
    entry.waiting = undefined;
    this.emit('connect', this.#show(entry));
  }

  #show({ id, name, addresses, direction, connectedAt }: Entry): ConnectedPeer {
    const times = this.#host
      .getConnections(id)
      .map(roundTripMs)
      .filter((ms) => ms !== undefined);
    const rttMs = times.length === 0 ? null : Math.min(...times);
    return { peerId: id.toString(), name, addresses: [...addresses], direction, connectedAt, rttMs };
  }
}

/** What a peer says it listens on; loopback only when it is on this machine. */
function dialable({ peerId, signedPeerRecord, listenAddrs, connection }: IdentifyResult): string[] {
  const local = isLoopback(connection.remoteAddr);
  return (signedPeerRecord?.addresses ?? listenAddrs)
    .filter((address) => local || !isLoopback(address))
    .slice(0, MAX_ADDRESSES_PER_PEER)
    .map((address) => (peerIdIn(address) === undefined ? `${address}/p2p/${peerId}` : `${address}`));
}
