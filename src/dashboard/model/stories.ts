/** The lives of transactions, as this node saw them. */
import type { Events } from '../node/answers.js';
import type { ShownBlock } from './block.js';

export type Step =
  /** Sent from this node. */
  | { readonly kind: 'sent'; readonly at: number }
  | { readonly kind: 'heard'; readonly at: number; readonly from: string }
  | {
      readonly kind: 'block';
      readonly at: number;
      readonly index: number;
      readonly miner: string | undefined;
    }
  /** A reorganisation took its block out of the chain: it waits again. */
  | { readonly kind: 'returned'; readonly at: number; readonly index: number }
  /** A reorganisation replaced its block by another that has it, too. */
  | { readonly kind: 'moved'; readonly at: number; readonly index: number };

const KEPT = 5_000;

export class Stories {
  readonly #steps = new Map<string, Step[]>();

  /** Whether nothing was ever sent, as far as is known. */
  get isEmpty(): boolean {
    return this.#steps.size === 0;
  }

  of(id: string): readonly Step[] {
    return this.#steps.get(id) ?? [];
  }

  pending({ id, from, at }: Events['transaction']): void {
    const time = Date.parse(at);
    this.#add(id, from === null ? { kind: 'sent', at: time } : { kind: 'heard', at: time, from });
  }

  inBlock({ transactions, index, miner }: ShownBlock, at: number): void {
    for (const { id } of transactions) {
      if (id !== undefined) this.#add(id, { kind: 'block', at, index, miner });
    }
  }

  reorganised({ fork, returned, at }: Events['reorg']): void {
    const back = new Set(returned);
    for (const [id, steps] of this.#steps) {
      const last = steps.at(-1);
      if (last?.kind !== 'block' || last.index <= fork) continue;
      steps.push({ kind: back.has(id) ? 'returned' : 'moved', at: Date.parse(at), index: last.index });
    }
  }

  #add(id: string, step: Step): void {
    const steps = this.#steps.get(id) ?? [];
    steps.push(step);
    this.#steps.set(id, steps);
    if (this.#steps.size <= KEPT) return;
    const [oldest] = this.#steps.keys();
    if (oldest !== undefined) this.#steps.delete(oldest);
  }
}
