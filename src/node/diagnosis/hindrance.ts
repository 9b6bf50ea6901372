/** What stands in the way, said in plain words, and what to do about it. */

/**
 * In the order in which they are to be removed: what comes first may be the cause of what follows.
 *
 * - `no-interface`: this machine has no address but loopback
 * - `storage-damaged`: the chain that is kept cannot be read back
 * - `storage-unusable`, `disk-full`: the chain cannot be kept
 * - `mdns-failed`: the system refuses to send multicast on an interface
 * - `multicast-dropped`: multicast does not come back from, or does not get through, the network
 * - `wrong-network`, `wrong-difficulty`, `wrong-genesis`, `other-network`: nodes are there, of another network; the last
 *   where it is not known what differs
 * - `port-blocked`: a peer is there, and nobody answers at its port
 * - `refused`, `unreachable`, `wrong-peer`, `unknown-host`, `not-a-node`, `dropped`: how else a peer is not reached
 * - `protocol-unknown`: what was reached does not speak our protocol
 * - `nobody-heard`: there is no node, or nothing of it gets here
 * - `clock-skew`: a peer's clock is wrong, or ours
 */
export const HINDRANCE_CODES = [
  'no-interface',
  'storage-damaged',
  'storage-unusable',
  'disk-full',
  'mdns-failed',
  'multicast-dropped',
  'wrong-network',
  'wrong-difficulty',
  'wrong-genesis',
  'other-network',
  'port-blocked',
  'refused',
  'unreachable',
  'wrong-peer',
  'unknown-host',
  'not-a-node',
  'dropped',
  'protocol-unknown',
  'nobody-heard',
  'clock-skew',
] as const;

export type HindranceCode = (typeof HINDRANCE_CODES)[number];

export interface Hindrance {
  readonly code: HindranceCode;
  /** Whom or what it concerns: an interface, a peer's id, an address, a directory. Empty where it is this node. */
  readonly about: string;
  /** Whether it is in the way; otherwise it is only worth knowing. */
  readonly blocks: boolean;
  /** One line for a person. Names that others gave themselves are in it. */
  readonly what: string;
  /** What to do about it, in one line. */
  readonly advice: string;
}
