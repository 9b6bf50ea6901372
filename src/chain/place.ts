/** A place in a text, as an editor shows it. */
export interface Place {
  /** Counted from 1. */
  readonly line: number;
  /** In the line, counted from 1. */
  readonly character: number;
}

export const BEGINNING: Place = { line: 1, character: 1 };

/** The place behind a text that begins at another. */
export function placeAfter({ line, character }: Place, text: string): Place {
  let start = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', start)) {
    line++;
    character = 1;
    start = at + 1;
  }
  return { line, character: character + text.length - start };
}
