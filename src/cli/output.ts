/** Writes to stdout no faster than it is read, and tells whether a person is there. */
import { once } from 'node:events';

export const isTerminal = (): boolean => process.stdout.isTTY === true;

/** How many characters a line of the terminal has, without bound where it does not say; undefined where there is none. */
export function lineRoom(): number | undefined {
  return isTerminal() ? process.stdout.columns || Number.POSITIVE_INFINITY : undefined;
}

/** Writes as it is, and waits while the reader is slow. */
export async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

export function writeLine(line: string): Promise<void> {
  return write(`${line}\n`);
}

/** Tells a person what is no part of the result. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}
