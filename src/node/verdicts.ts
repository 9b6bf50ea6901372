/** How what peers sent was judged, counted. */
import type { Verdict } from '../../protocols/gossip/index.js';

/** What was judged alike. All but the count are of few values, and safe as a metric's labels. */
export interface VerdictCount {
  /** By gossip, or in answer to a question of ours. */
  readonly source: 'gossip' | 'sync';
  readonly kind: 'block' | 'transaction';
  readonly verdict: Verdict;
  /** The code of the error that says why it is refused; empty where nothing is wrong with it. */
  readonly code: string;
  readonly count: number;
}

export class Verdicts {
  readonly #counts = new Map<string, VerdictCount>();

  note(source: VerdictCount['source'], kind: VerdictCount['kind'], verdict: Verdict, code: string): void {
    const key = [source, kind, verdict, code].join(' ');
    const count = (this.#counts.get(key)?.count ?? 0) + 1;
    this.#counts.set(key, { source, kind, verdict, code, count });
  }

  get counts(): VerdictCount[] {
    return [...this.#counts.values()];
  }
}
