/** Makes the columns of a table fit into the lines of a terminal. */

/** How wide a column is, and what it may do without. In characters. */
export interface Flexible {
  readonly width: number;
  /** To what it may be cut. */
  readonly least: number;
  /** Its turn to be left out: 1 is the first. @default it stays */
  readonly leftOut?: number | undefined;
}

/** Of a column beside its cells: a space before and after, and the line to the next. */
const AROUND = 3;

/**
 * Leaves columns out until the others fit, each cut to its least; what room there is then they get back, from the left.
 *
 * @param room characters in a line
 * @returns the widths of all columns, undefined where one is left out
 */
export function columnWidths(columns: readonly Flexible[], room: number): (number | undefined)[] {
  const widths: (number | undefined)[] = columns.map(({ least }) => least);
  const spare = () =>
    widths.reduce<number>((left, width) => left - (width === undefined ? 0 : width + AROUND), room + 1);
  const turns = columns
    .map(({ leftOut }, at) => ({ at, leftOut }))
    .filter(({ leftOut }) => leftOut !== undefined)
    .sort((a, b) => Number(a.leftOut) - Number(b.leftOut));
  for (const { at } of turns) {
    if (spare() >= 0) break;
    widths[at] = undefined;
  }
  let left = Math.max(0, spare());
  return columns.map(({ width, least }, at) => {
    if (widths[at] === undefined) return undefined;
    const more = Math.min(left, width - least);
    left -= more;
    return least + more;
  });
}
