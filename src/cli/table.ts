/** Tables: with lines for a person at a terminal, aligned columns for a pipe. */
import Table from 'cli-table3';
import colors from 'picocolors';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** A column of a table that comes in pages: they fit together, since its width is fixed. */
export interface FixedColumn extends Column {
  /** In characters; what is wider is cut off at a terminal, and pushes the others aside in a pipe. */
  readonly width: number;
}

type Rows = readonly (readonly string[])[];

/** A table in one piece. */
export function table(columns: readonly Column[], rows: Rows, terminal: boolean): string {
  const titles = columns.map(({ title }) => title);
  if (terminal) return lined(columns, [titles.map(colors.bold), ...rows], undefined);
  const all = [titles, ...rows];
  const widths = columns.map((_, at) => Math.max(...all.map((row) => lengthOf(row[at] ?? ''))));
  return all.map((row) => aligned(columns, row, widths)).join('\n');
}

/** A page of a long table; the first one begins with the titles. */
export function tablePage(
  columns: readonly FixedColumn[],
  rows: Rows,
  isFirst: boolean,
  terminal: boolean,
): string {
  const titles = columns.map(({ title }) => (terminal ? colors.bold(title) : title));
  const all = isFirst ? [titles, ...rows] : rows;
  const widths = columns.map(({ width }) => width);
  return terminal ? lined(columns, all, widths) : all.map((row) => aligned(columns, row, widths)).join('\n');
}

/** Names and values below one another, for one thing that has many sides. */
export function facts(
  entries: readonly (readonly [name: string, value: string])[],
  terminal: boolean,
): string {
  const width = Math.max(...entries.map(([name]) => name.length)) + 2;
  return entries
    .map(([name, value]) => `${terminal ? colors.dim(name.padEnd(width)) : name.padEnd(width)}${value}`)
    .join('\n');
}

function lengthOf(text: string): number {
  return [...text].length;
}

function aligned(columns: readonly Column[], row: readonly string[], widths: readonly number[]): string {
  const cells = columns.map(({ align }, at) => {
    const cell = row[at] ?? '';
    const room = ' '.repeat(Math.max(0, (widths[at] as number) - lengthOf(cell)));
    return align === 'right' ? room + cell : cell + room;
  });
  return cells.join('  ').trimEnd();
}

/** No frame, and no lines but those between the columns. */
const CHARS = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '' },
};

function lined(columns: readonly Column[], rows: Rows, widths: readonly number[] | undefined): string {
  const made = new Table({
    chars: { ...CHARS, middle: colors.dim('│') },
    colAligns: columns.map(({ align = 'left' }) => align),
    // Padding on both sides counts.
    ...(widths === undefined ? {} : { colWidths: widths.map((width) => width + 2) }),
    style: { head: [], border: [] },
  });
  made.push(...rows.map((row) => [...row]));
  return made.toString();
}
