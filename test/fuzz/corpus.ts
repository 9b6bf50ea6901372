/** The kept inputs: one file each, in a folder for each parser. What once broke a promise stays there. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CORPUS = join('test', 'fuzz', 'corpus');

export interface Kept {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** In the order of their names. */
export function keptInputs(parser: string): Kept[] {
  const directory = join(CORPUS, parser);
  return readdirSync(directory)
    .sort()
    .map((name) => ({ file: join(directory, name), bytes: readFileSync(join(directory, name)) }));
}

/** @returns the file */
export function keep(parser: string, input: Uint8Array): string {
  const directory = join(CORPUS, parser);
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `regression-${createHash('sha256').update(input).digest('hex').slice(0, 12)}`);
  writeFileSync(file, input);
  return file;
}
