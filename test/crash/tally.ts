/** How many kills have hit what. */
import type { Remains } from './victim.js';

interface Hits {
  kills: number;
  /** Of these, with an adoption under way. */
  adopting: number;
  /** Of these, with a branch kept aside, not adopted yet. */
  branching: number;
  /** Of these, with some of a rival's blocks, and not all. */
  between: number;
}

export class Tally {
  /** The activity that the last kill has hit. */
  last = 'none yet';
  /** Transactions and blocks that were acknowledged, all of them looked for after each kill. */
  acknowledged = 0;
  readonly #hits: Map<string, Hits>;

  constructor(activities: readonly string[]) {
    this.#hits = new Map(
      activities.map((name) => [name, { kills: 0, adopting: 0, branching: 0, between: 0 }]),
    );
  }

  get kills(): number {
    return [...this.#hits.values()].reduce((sum, { kills }) => sum + kills, 0);
  }

  killed(activity: string, { adopting, branching }: Remains): void {
    this.last = activity;
    const hits = this.#hits.get(activity) as Hits;
    hits.kills++;
    if (adopting) hits.adopting++;
    else if (branching) hits.branching++;
  }

  /** How far the chain has come by the next start. @param promised the length of the rival's chain */
  found(length: number, before: number, promised: number): void {
    const hits = this.#hits.get(this.last);
    if (hits !== undefined && length > before && length < promised) hits.between++;
  }

  toString(): string {
    return [...this.#hits]
      .map(([name, { kills, adopting, branching, between }]) => {
        const moments = [
          ...(adopting > 0 ? [`${adopting} in an adoption`] : []),
          ...(branching > 0 ? [`${branching} with a branch kept aside`] : []),
          ...(between > 0 ? [`${between} half way`] : []),
        ];
        return `${name} ${kills}${moments.length > 0 ? ` (${moments.join(', ')})` : ''}`;
      })
      .join(', ');
  }
}
