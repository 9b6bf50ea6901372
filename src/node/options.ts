/** What a node can be told at its making. */
import { DEFAULT_NETWORK, type NetworkSpec } from '../chain/index.js';
import { type Logger, SILENT } from '../log.js';

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
  /** Threads that search for proofs. @default one less than the machine has cores, at least 1 */
  threads?: number | undefined;
  /** Mine by itself, on average every so many seconds. @default only when asked */
  mineEverySeconds?: number | undefined;
  /** Neither gossip nor follow longer chains by itself: the chain changes only by mine and resolve. @default false */
  manual?: boolean | undefined;
  /** @default says nothing */
  log?: Logger | undefined;
}

/** With the defaults that more than one part of a node needs. */
export interface ResolvedOptions extends NodeOptions {
  readonly network: NetworkSpec;
  readonly manual: boolean;
  readonly log: Logger;
}

export function withDefaults(options: NodeOptions): ResolvedOptions {
  return {
    ...options,
    network: options.network ?? DEFAULT_NETWORK,
    manual: options.manual ?? false,
    log: options.log ?? SILENT,
  };
}
