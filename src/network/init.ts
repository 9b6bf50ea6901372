/** What a network is made of, and what it tells. */
import type { PrivateKey } from '@libp2p/interface';
import type { Bounds } from '../bounds.js';
import type { Logger } from '../log.js';
import type { Libp2pMetrics, PeerDatastore } from './host.js';
import type { ConnectedPeer } from './peers.js';
import type { PortMemory } from './ports.js';

/** Any port, on all addresses. */
export const DEFAULT_LISTEN: readonly string[] = ['/ip4/0.0.0.0/tcp/0'];

export interface NetworkInit {
  /** 16 hex digits: nodes of different networks never mix. */
  networkId: string;
  /** This program's version, told to peers. */
  version: string;
  /** What this node is called, told to peers; at most 64 code points of it. */
  nickname: string;
  privateKey: PrivateKey;
  /** Multiaddrs to listen on. @default ['/ip4/0.0.0.0/tcp/0'] */
  listen?: readonly string[] | undefined;
  /** Multiaddrs of fixed peers, with or without peer id. @default [] */
  peers?: readonly string[] | undefined;
  /** Whether to find peers on the LAN. @default true */
  mdns?: boolean | undefined;
  /** Whether to announce this node to its peers and to dial those that others announce. @default false */
  sharePeers?: boolean | undefined;
  /** Keeps known peers; opened and closed by the caller. @default known peers are forgotten at the end */
  datastore?: PeerDatastore | undefined;
  /** Keeps the TCP port that was chosen. @default another port each time */
  ports?: PortMemory | undefined;
  /** Makes what libp2p gives its own figures to. @default they are not kept */
  metrics?: Libp2pMetrics | undefined;
  log: Logger;
  /** Told of every limit that is hit. @default nobody is */
  bounds?: Bounds | undefined;
}

export interface NetworkEvents {
  /** A peer is connected, its name and protocols are known. Once a peer. */
  'peer:connect': [peer: ConnectedPeer];
  'peer:disconnect': [peerId: string];
}
