/** An input that broke a promise: kept, and told of. */
import { keep } from './corpus.js';
import type { Target } from './target.js';
import { BrokenPromise, shown } from './trial.js';

/** @param why what was broken, and where the input comes from */
export function keepBroken({ name }: Target, input: Uint8Array, why: string): BrokenPromise {
  const file = keep(name, input);
  const replay = `npm run fuzz -- --parser ${name} --input ${file}`;
  return new BrokenPromise(
    `${name}: ${why}\ninput: ${shown(input)}\nkept as ${file}; replay it with: ${replay}`,
  );
}
