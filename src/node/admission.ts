/** What becomes of transactions that are offered to the mempool. */
import type { Mempool, PendingTransaction } from '../chain/index.js';

export type Admission = 'pending' | 'known' | 'in-chain' | 'full';

/**
 * @param entries each with another id
 * @param inChain ids of those that are in our chain
 * @returns of each what becomes of it, if those before it are taken in
 */
export function admissionsOf(
  entries: readonly PendingTransaction[],
  mempool: Mempool,
  inChain: ReadonlyMap<string, unknown>,
): Admission[] {
  const known = entries.map(({ transaction: { id } }) => {
    if (mempool.has(id)) return 'known';
    return inChain.has(id) ? 'in-chain' : undefined;
  });
  const room = mempool.room(entries.filter((_, at) => known[at] === undefined));
  return known.map((admission) => admission ?? (room.shift() ? 'pending' : 'full'));
}
