/** What a parser is given: kept and generated inputs, spoilt. */
import fc from 'fast-check';
import { Dice } from '../helpers/dice.js';
import { keptInputs } from './corpus.js';
import { mutate } from './mutate.js';
import type { Target } from './target.js';

/** Inputs made by the structured generator, to be spoilt beside the kept ones. */
const GENERATED = 400;
/** So that neighbouring seeds have nothing in common: 2^32 divided by the golden ratio. */
const SPREAD = 0x9e37_79b1;

/** Each input has a number, and is made from the seed and that number alone, as long as the corpus is the same. */
export class Inputs {
  readonly #pool: readonly Uint8Array[];
  readonly #first: number;

  constructor({ name, valid }: Target, seed: number) {
    const kept = keptInputs(name).map(({ bytes }) => bytes);
    this.#pool = [...kept, ...fc.sample(valid, { seed, numRuns: GENERATED })];
    this.#first = Math.imul(seed, SPREAD);
  }

  at(number: number): Uint8Array {
    const dice = new Dice(this.#first + number);
    return mutate(dice.of(this.#pool), this.#pool, dice);
  }
}
