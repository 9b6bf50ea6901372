/** What can end a proof search without a proof, beside the caller's own signal. */

/**
 * - `superseded`: the same miner was given another search
 * - `stopped`: the miner was stopped
 * - `worker-failed`: a mining thread could not be started or died; the next search starts a new one
 * - `no-proof`: not one of the 2^53 proofs is valid
 */
export type MiningErrorCode = 'superseded' | 'stopped' | 'worker-failed' | 'no-proof';

export class MiningError extends Error {
  override readonly name = 'MiningError';

  constructor(
    readonly code: MiningErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
