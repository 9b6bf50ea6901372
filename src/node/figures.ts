/** What those who keep figures of a node over time ask it for: what is now, and what only ever grows. */
import type { VerdictCount } from './verdicts.js';

export interface NodeFigures {
  /** Canonical bytes of the whole chain. */
  readonly chainBytes: number;
  /** Canonical bytes of all pending transactions. */
  readonly mempoolBytes: number;
  /** Batches written to the store since the start, and how long they took all together. */
  readonly writes: { readonly count: number; readonly seconds: number };
  /** Proofs tried since the start. */
  readonly tried: number;
  /** Threads that search for proofs. */
  readonly threads: number;
  /** Whether a peer's chain is being fetched. */
  readonly syncing: boolean;
  /** How what peers sent was judged, since the start. */
  readonly verdicts: readonly VerdictCount[];
}
