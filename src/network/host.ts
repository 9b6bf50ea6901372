import './with-resolvers.js';
import './mdns-packets.js';
import { type GossipSub, gossipsub } from '@chainsafe/libp2p-gossipsub';
import { noise } from '@chainsafe/libp2p-noise';
import { type Identify, type IdentifyPush, identify, identifyPush } from '@libp2p/identify';
import type { Libp2p, PeerDiscovery, PeerStore, PrivateKey } from '@libp2p/interface';
import { mdns } from '@libp2p/mdns';
import { peerIdFromString } from '@libp2p/peer-id';
import { type Ping, ping } from '@libp2p/ping';
import type { PubSub } from '@libp2p/pubsub-peer-discovery';
import type { Multiaddr } from '@multiformats/multiaddr';
import { createLibp2p, type Libp2pOptions } from 'libp2p';
import { GOSSIPSUB_PROTOCOLS } from '../../protocols/gossip/constants.js';
import { gossipsubOptions } from '../../protocols/gossip/options.js';
import { rpcGuard } from '../../protocols/gossip/rpc-guard.js';
import { type Bounds, UNCOUNTED } from '../bounds.js';
import { announced, listening, nearestFirst } from './announce.js';
import * as limits from './constants.js';
import { gossipRegistrar } from './gossip-streams.js';
import { impatientTcp } from './impatient-tcp.js';
import type { Gated, InboundGate } from './inbound-gate.js';
import { lanInterfaces } from './interfaces.js';
import { modest } from './modest-peer-store.js';
import { muxer } from './muxer.js';
import { withSteadyInterfaces } from './steady-mdns.js';
import { userAgent } from './user-agent.js';

/** Keeps known peers between starts. Whoever opens it closes it, after the host has stopped. */
export type PeerDatastore = NonNullable<Libp2pOptions['datastore']>;

/** Makes what libp2p gives its own figures to. */
export type Libp2pMetrics = NonNullable<Libp2pOptions['metrics']>;

export interface MdnsInit {
  serviceTag: string;
  /** Names this node in its answers. */
  peerName: string;
  /** Between two questions, in ms. */
  interval: number;
  /** What it answers, with peer id. */
  addresses(): Multiaddr[];
}

/** Makes an mDNS service for the host, to be started when the host listens. */
export interface MdnsMaker {
  make(init: MdnsInit): PeerDiscovery;
  /** All addresses at which this host can be reached by somebody, loopback included, with peer id. */
  listening(): Multiaddr[];
}

export interface AnnouncerInit {
  readonly topic: string;
  /** Between two calls of `publish`, in ms. */
  readonly intervalMs: number;
  /** In the place of pubsub: what is published is decided here. */
  readonly pubsub: PubSub;
  /** What is announced. */
  addresses(): Multiaddr[];
}

/** Makes the module that announces this host to its peers and hears of others. */
export interface AnnouncerMaker {
  make(init: AnnouncerInit): Promise<PeerDiscovery>;
}

type Services = {
  identify: Identify;
  identifyPush: IdentifyPush;
  ping: Ping;
  pubsub: GossipSub;
  mdns: MdnsMaker;
  announcer: AnnouncerMaker;
};

/** A libp2p node with what this network speaks. */
export type Host = Libp2p<Services>;

export interface HostInit {
  /** 16 hex digits */
  networkId: string;
  /** This program's version, told to peers. */
  version: string;
  /** What this node is called, told to peers. */
  nickname: string;
  privateKey: PrivateKey;
  /** Multiaddrs to listen on; none makes a node that only dials. */
  listen: readonly string[];
  /** @default in memory: known peers are forgotten at the end */
  datastore?: PeerDatastore | undefined;
  /** @default libp2p's own figures are not kept */
  metrics?: Libp2pMetrics | undefined;
  /** Whether a peer may neither be dialled nor come in. @param dialled the address at which we have found it */
  denies(peerId: string, dialled?: Multiaddr): boolean;
  /** Decides on sockets before their handshake. @default all are let in */
  gate?: Pick<InboundGate, 'denies'> | undefined;
  /** Told of every limit that is hit. @default nobody is */
  bounds?: Bounds | undefined;
}

/** A host, set up and not started. */
export function createHost(init: HostInit): Promise<Host> {
  const { datastore, metrics, denies, gate, bounds = UNCOUNTED } = init;
  // Of those that it listens on, libp2p tells no public address until somebody confirms it. On a campus a LAN has no others.
  let listenedOn = (): Multiaddr[] => [];
  return createLibp2p<Services>({
    start: false,
    privateKey: init.privateKey,
    nodeInfo: {
      name: 'gossipchain',
      version: init.version,
      userAgent: userAgent(init.version, init.nickname),
    },
    addresses: {
      listen: [...init.listen],
      announceFilter: (verified) => announced(init.listen, distinct([...verified, ...listenedOn()])),
    },
    ...(datastore === undefined ? {} : { datastore }),
    ...(metrics === undefined ? {} : { metrics }),
    // Peers are forgotten by their number, not by their age: a machine without a battery for its clock starts in 1970, and
    // when it hears what time it is, all whom it had met since then would be of old age, and their addresses gone.
    peerStore: { maxAddressAge: Number.POSITIVE_INFINITY, maxPeerAge: Number.POSITIVE_INFINITY },
    transports: [impatientTcp],
    connectionEncrypters: [noise()],
    streamMuxers: [muxer(bounds)],
    connectionGater: {
      // Every socket of libp2p's has `onData`; its type does not say so.
      denyInboundConnection: (socket) => gate?.denies(socket as unknown as Gated) ?? false,
      denyDialPeer: (peer) => denies(peer.toString()),
      denyInboundEncryptedConnection: (peer) => denies(peer.toString()),
      // Who is dropped meanwhile, while it takes its time to end the handshake; and who only now is found to be who it is.
      denyInboundUpgradedConnection: (peer) => denies(peer.toString()),
      denyOutboundUpgradedConnection: (peer, { remoteAddr }) => denies(peer.toString(), remoteAddr),
    },
    connectionManager: {
      maxConnections: limits.MAX_CONNECTIONS,
      inboundConnectionThreshold: limits.MAX_INBOUND_PER_SECOND,
      maxIncomingPendingConnections: limits.MAX_INBOUND_PENDING,
      inboundUpgradeTimeout: limits.INBOUND_UPGRADE_TIMEOUT_MS,
      inboundStreamProtocolNegotiationTimeout: limits.NEGOTIATION_TIMEOUT_MS,
      outboundStreamProtocolNegotiationTimeout: limits.NEGOTIATION_TIMEOUT_MS,
      addressDialTimeout: limits.ADDRESS_DIAL_TIMEOUT_MS,
      dialTimeout: limits.DIAL_TIMEOUT_MS,
      maxPeerAddrsToDial: limits.MAX_ADDRESSES_PER_PEER,
      addressSorter: (a, b) => nearestFirst(a.multiaddr, b.multiaddr, lanInterfaces()),
      connectionCloseTimeout: limits.CONNECTION_CLOSE_TIMEOUT_MS,
    },
    // Yamux pings, at a fraction of the cost; who is gone is noticed by its silence.
    connectionMonitor: { enabled: false },
    services: {
      identify: (components) => identify({ timeout: limits.IDENTIFY_TIMEOUT_MS })(modestly(components)),
      // Told when interfaces change, not of every protocol that is served.
      identifyPush: (components) => identifyPush({ runOnSelfUpdate: false })(modestly(components)),
      ping: ping({ maxInboundStreams: limits.MAX_PING_STREAMS, maxOutboundStreams: limits.MAX_PING_STREAMS }),
      pubsub: ({ privateKey, peerId, peerStore, connectionManager, logger, registrar }) =>
        gossipsub(gossipsubOptions(init.networkId))({
          privateKey,
          peerId,
          peerStore,
          connectionManager,
          logger,
          registrar: gossipRegistrar(registrar, GOSSIPSUB_PROTOCOLS, rpcGuard(bounds)),
        }),
      announcer: ({ addressManager, logger, peerId }) => ({
        make: async ({ topic, intervalMs, pubsub, addresses }) => {
          // Loaded once the node listens: it takes 40 ms, and not everybody uses it.
          const { pubsubPeerDiscovery } = await import('@libp2p/pubsub-peer-discovery');
          return pubsubPeerDiscovery({ topics: [topic], interval: intervalMs })({
            logger,
            peerId,
            pubsub,
            addressManager: Object.assign(Object.create(addressManager), { getAddresses: addresses }),
          });
        },
      }),
      // Not as libp2p's own peerDiscovery: that asks before the host listens, when it has no address to tell.
      mdns: ({ addressManager, logger, peerId, transportManager }) => {
        listenedOn = () =>
          transportManager.getAddrs().map((address) => address.encapsulate(`/p2p/${peerId}`));
        return {
          make: ({ addresses, ...settings }) =>
            withSteadyInterfaces(
              mdns(settings)({
                logger,
                addressManager: Object.assign(Object.create(addressManager), { getAddresses: addresses }),
              }),
            ),
          listening: () => listening(init.listen, listenedOn(), lanInterfaces()),
        };
      },
    },
  });
}

/** With a peer store that takes less of what a peer says of itself. */
function modestly<Components extends { peerStore: PeerStore }>(components: Components): Components {
  // Assigned, it would be that of all others, too: libp2p's components take what is assigned to those made from them.
  return Object.create(components, { peerStore: { value: modest(components.peerStore) } });
}

function distinct(addresses: readonly Multiaddr[]): Multiaddr[] {
  return [...new Map(addresses.map((address) => [address.toString(), address])).values()];
}

export function isConnected(host: Pick<Host, 'getConnections'>, peerId: string): boolean {
  return host.getConnections(peerIdFromString(peerId)).some(({ status }) => status === 'open');
}
