/** What a node can be told at its making. */
import { DEFAULT_NETWORK, type NetworkSpec } from '../chain/index.js';
import { type Logger, SILENT } from '../log.js';
import type { Libp2pMetrics } from '../network/index.js';
import { type Invitation, readInvitation } from './invitation.js';
import { mustBeFor } from './join.js';

export interface NodeOptions {
  /** Directory of the key, the chain and the known peers. @default none: all is kept in memory and gone at the end */
  dataDir?: string | undefined;
  /** The ledger to keep. @default the network `gossipchain` */
  network?: NetworkSpec | undefined;
  /** What this node is called, told to peers; at most 64 code points. @default the host's name */
  name?: string | undefined;
  /** Multiaddrs to listen on. @default ['/ip4/0.0.0.0/tcp/0'], with the port of the last start */
  listen?: readonly string[] | undefined;
  /** Multiaddrs of fixed peers. @default [] */
  peers?: readonly string[] | undefined;
  /** Whether to find peers on the LAN by mDNS. @default true */
  mdns?: boolean | undefined;
  /** Whether to tell peers of one another, so that one address is enough to meet all. @default true, but in manual mode */
  sharePeers?: boolean | undefined;
  /**
   * The code of an invitation: its network is kept, and the node that invites is connected to at the start, or the
   * start fails. @default none
   */
  join?: string | undefined;
  /** Threads that search for proofs. @default one less than the machine has cores, at least 1 */
  threads?: number | undefined;
  /** Mine by itself, on average every so many seconds. @default only when asked */
  mineEverySeconds?: number | undefined;
  /** Neither gossip nor follow longer chains by itself: the chain changes only by mine and resolve. @default false */
  manual?: boolean | undefined;
  /**
   * Makes what libp2p gives its own figures to, as `@libp2p/prometheus-metrics` does.
   *
   * @default they are not kept
   */
  libp2pMetrics?: Libp2pMetrics | undefined;
  /** @default says nothing */
  log?: Logger | undefined;
}

/** With the defaults that more than one part of a node needs. */
export interface ResolvedOptions extends NodeOptions {
  readonly network: NetworkSpec;
  readonly manual: boolean;
  readonly sharePeers: boolean;
  readonly invitation: Invitation | undefined;
  readonly log: Logger;
}

/** @throws InvitationError the code to join by cannot be read, or is for another network than the one given */
export function withDefaults(options: NodeOptions): ResolvedOptions {
  const invitation = options.join === undefined ? undefined : readInvitation(options.join);
  if (invitation !== undefined && options.network !== undefined) mustBeFor(options.network, invitation);
  const manual = options.manual ?? false;
  return {
    ...options,
    network: invitation?.network ?? options.network ?? DEFAULT_NETWORK,
    invitation,
    manual,
    sharePeers: options.sharePeers ?? !manual,
    log: options.log ?? SILENT,
  };
}
