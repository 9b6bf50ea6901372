/** When the longest chain that is known reached which length: who has not, is behind since then. */

interface Reached {
  /** The longest of this moment: blocks that are fetched come by the hundred. */
  length: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export class LongestSeen {
  /** Ascending in both. */
  readonly #reached: Reached[] = [];

  /** @param kept lengths remembered, 2 or more */
  constructor(private readonly kept: number) {}

  /** The longest chain that is known now has this length. Less than before: who told of more is gone, or did not tell the truth. */
  note(length: number, at: number): void {
    while ((this.#reached.at(-1)?.length ?? 0) > length) this.#reached.pop();
    const last = this.#reached.at(-1);
    if (last?.length === length) return;
    if (last?.at === at) {
      last.length = length;
      return;
    }
    this.#reached.push({ length, at });
    if (this.#reached.length > 2 * this.kept) this.#reached.splice(0, this.kept);
  }

  /** Some chain has this length: nothing new where a longer one is known. */
  noteOne(length: number, at: number): void {
    if (length > (this.#reached.at(-1)?.length ?? 0)) this.note(length, at);
  }

  /** How long, in ms, a chain of this length has been shorter than the longest; 0 where it is not. */
  behindMs(length: number, now: number): number {
    const outgrown = this.#reached.find((reached) => reached.length > length);
    return outgrown === undefined ? 0 : Math.max(0, Math.round(now - outgrown.at));
  }
}
