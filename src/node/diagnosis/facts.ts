/** What is known of what may stand between this node and others. */
import type { Diagnosis } from '../../network/index.js';

/** A network, as its nodes tell of it. */
export interface NetworkTold {
  /** Other nodes' text: to be escaped before it is shown. */
  readonly name: string;
  readonly difficulty: number;
  /** 64 hex digits. */
  readonly genesisHash: string;
}

/** Somebody who was reached, and is none of us. */
export interface Stranger {
  readonly peerId: string;
  /** Where it was reached; empty where another part knows. */
  readonly addresses: readonly string[];
  /** It belongs to another network, or does not speak our protocol. */
  readonly why: 'other-network' | 'protocol-unknown';
  /** Of one of another network: which one. */
  readonly network: NetworkTold | undefined;
  readonly at: Date;
}

/** How a miner's clock differs from ours, by the time it has put into its last block. */
export interface PeerClock {
  /** The miner. */
  readonly peerId: string;
  /** Arrival here less the block's own time, in ms: below 0 its clock is ahead; the way of a block is in it. */
  readonly offsetMs: number;
  readonly at: Date;
}

/**
 * - `damaged`: the chain cannot be read back
 * - `write-failed`: the node could not write to it
 * - `too-many-files`: the same, since it may open no more files
 * - `gone`: the node runs, and its chain has been removed
 * - `no-directory`: there is a file in its place, or above it
 * - `other-network`: it is the chain of another network
 */
export const STORAGE_TROUBLES = [
  'damaged',
  'write-failed',
  'too-many-files',
  'gone',
  'no-directory',
  'other-network',
] as const;

export type StorageTrouble = (typeof STORAGE_TROUBLES)[number];

/** Where the chain is kept. */
export interface StorageState {
  readonly directory: string;
  /** Undefined where it cannot be told. */
  readonly freeBytes: number | undefined;
  readonly writable: boolean;
  /** What is wrong with what is kept there, where anything is known to be. */
  readonly trouble?: StorageTrouble | undefined;
}

export interface PeerName {
  readonly peerId: string;
  readonly name: string;
  /** Multiaddrs at which it can be reached. */
  readonly addresses: readonly string[];
}

/** The node itself. */
export interface SelfState {
  readonly peerId: string;
  readonly networkId: string;
  readonly network: NetworkTold;
  readonly startedAt: Date;
  /** Multiaddrs. */
  readonly addresses: readonly string[];
  /** Who is connected. */
  readonly peers: readonly PeerName[];
}

export interface Facts extends Diagnosis {
  /** When they were gathered. */
  readonly at: Date;
  /** Undefined where no node runs. */
  readonly self: SelfState | undefined;
  readonly strangers: readonly Stranger[];
  readonly clocks: readonly PeerClock[];
  /** Undefined where nothing is kept. */
  readonly storage: StorageState | undefined;
  /** IP addresses of other machines just heard by mDNS, nodes or not; undefined where nobody listened for them. */
  readonly machines: readonly string[] | undefined;
}
