/** What can go wrong in an exchange over /chain/1.0.0. */

/**
 * - `wrong-network`: the peer belongs to another network
 * - `bad-request`: the peer cannot make sense of our request, or knows nothing of our locator
 * - `busy`: the peer serves too many requests, or too many of ours; ask again in a while
 * - `timeout`: the peer was silent for too long
 * - `malformed`: what the peer sent is not what the protocol says
 * - `too-large`: the peer sent more than the protocol allows
 * - `unreachable`: no stream could be opened, or it broke off
 */
export type ChainProtocolErrorCode =
  | 'wrong-network'
  | 'bad-request'
  | 'busy'
  | 'timeout'
  | 'malformed'
  | 'too-large'
  | 'unreachable';

/** What a peer of another network says of its own. Its name is the peer's text: escape it before you show it. */
export interface RemoteNetwork {
  readonly name: string;
  /** 0 to 16 */
  readonly difficulty: number;
  /** 64 hex digits */
  readonly genesisHash: string;
}

export class ChainProtocolError extends Error {
  override readonly name = 'ChainProtocolError';

  constructor(
    /** Stable, and safe as a metric's label. */
    readonly code: ChainProtocolErrorCode,
    message: string,
    options?: ErrorOptions & { network?: RemoteNetwork },
  ) {
    super(message, options);
    this.network = options?.network;
  }

  /** With `wrong-network`: the peer's. */
  readonly network: RemoteNetwork | undefined;

  /** Whether the peer broke the protocol, which no honest and working peer does. */
  get atFault(): boolean {
    return this.code === 'malformed' || this.code === 'too-large';
  }
}
