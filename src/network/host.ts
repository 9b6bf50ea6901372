import './with-resolvers.js';
import { type GossipSub, gossipsub } from '@chainsafe/libp2p-gossipsub';
import { noise } from '@chainsafe/libp2p-noise';
import { type Identify, identify } from '@libp2p/identify';
import type { Libp2p, PeerDiscovery, PrivateKey } from '@libp2p/interface';
import { mdns } from '@libp2p/mdns';
import { type Ping, ping } from '@libp2p/ping';
import { tcp } from '@libp2p/tcp';
import { createLibp2p, type Libp2pOptions } from 'libp2p';
import { gossipsubOptions } from '../../protocols/gossip/options.js';
import * as limits from './constants.js';
import { muxer } from './muxer.js';
import { userAgent } from './user-agent.js';

/** Keeps known peers between starts. Whoever opens it closes it, after the host has stopped. */
export type PeerDatastore = NonNullable<Libp2pOptions['datastore']>;

/** Makes an mDNS service for the host, to be started when the host listens. */
export interface MdnsMaker {
  make(serviceTag: string, intervalMs: number): PeerDiscovery;
}

type Services = { identify: Identify; ping: Ping; pubsub: GossipSub; mdns: MdnsMaker };

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
  /** Whether a peer may not come in. */
  denies(peerId: string): boolean;
}

/** A host, set up and not started. */
export function createHost(init: HostInit): Promise<Host> {
  const { datastore, denies } = init;
  return createLibp2p<Services>({
    start: false,
    privateKey: init.privateKey,
    nodeInfo: {
      name: 'gossipchain',
      version: init.version,
      userAgent: userAgent(init.version, init.nickname),
    },
    addresses: { listen: [...init.listen] },
    ...(datastore === undefined ? {} : { datastore }),
    peerStore: { maxAddressAge: limits.PEER_AGE_MS, maxPeerAge: limits.PEER_AGE_MS },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [muxer()],
    connectionGater: {
      denyDialPeer: (peer) => denies(peer.toString()),
      denyInboundEncryptedConnection: (peer) => denies(peer.toString()),
    },
    connectionManager: {
      maxConnections: limits.MAX_CONNECTIONS,
      inboundConnectionThreshold: limits.MAX_INBOUND_PER_SECOND,
      maxIncomingPendingConnections: limits.MAX_INBOUND_PENDING,
      inboundUpgradeTimeout: limits.INBOUND_UPGRADE_TIMEOUT_MS,
      addressDialTimeout: limits.ADDRESS_DIAL_TIMEOUT_MS,
      dialTimeout: limits.DIAL_TIMEOUT_MS,
      maxPeerAddrsToDial: limits.MAX_ADDRESSES_PER_PEER,
      connectionCloseTimeout: limits.CONNECTION_CLOSE_TIMEOUT_MS,
    },
    connectionMonitor: {
      pingInterval: limits.PING_INTERVAL_MS,
      pingTimeout: { minTimeout: limits.PING_TIMEOUT_MIN_MS, maxTimeout: limits.PING_TIMEOUT_MAX_MS },
    },
    services: {
      identify: identify(),
      ping: ping({ maxInboundStreams: limits.MAX_PING_STREAMS, maxOutboundStreams: limits.MAX_PING_STREAMS }),
      pubsub: gossipsub(gossipsubOptions(init.networkId)),
      // Not as libp2p's own peerDiscovery: that asks before the host listens, when it has no address to tell.
      mdns: (components) => ({
        make: (serviceTag, interval) => mdns({ serviceTag, interval })(components),
      }),
    },
  });
}
