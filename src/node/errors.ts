/** What a node refuses, and why. */

export type NodeErrorCode =
  /** Four wait for the miner already. */
  | 'mining-busy'
  /** The mempool has no room. */
  | 'mempool-full'
  /** The peer belongs to another network. */
  | 'other-network'
  /** The node has not been started, or has been stopped. */
  | 'not-running';

export class NodeError extends Error {
  override readonly name = 'NodeError';

  constructor(
    readonly code: NodeErrorCode,
    message: string,
  ) {
    super(message);
  }
}
