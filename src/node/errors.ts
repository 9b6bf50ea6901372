/** What a node refuses, and why. */

export type NodeErrorCode =
  /** Four wait for the miner already. */
  | 'mining-busy'
  /** The mempool has no room. */
  | 'mempool-full'
  /** The transaction is in the chain, or another is pending under its nonce. */
  | 'already-sent'
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
