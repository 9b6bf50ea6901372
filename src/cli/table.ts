/** Tables: with lines for a person at a terminal, aligned columns for a pipe. */
import Table from 'cli-table3';
// By which cli-table3 cuts.
import widthOf from 'string-width';
import { columnWidths } from './column-widths.js';
import { paint } from './terminal.js';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** The title where a terminal is too narrow for all of it. */
  readonly short?: string;
  /** To how many characters it may be cut there. @default no cell is cut */
  readonly least?: number;
  /** Its turn to be left out where that is not enough: 1 is the first. @default it stays */
  readonly leftOut?: number;
}

/** A column of a table that comes in pages: they fit together, since its width is fixed. */
export interface FixedColumn extends Column {
  /** In characters; what is wider is cut off at a terminal, and pushes the others aside in a pipe. */
  readonly width: number;
}

type Rows = readonly (readonly string[])[];

/**
 * A table in one piece.
 *
 * @param room characters in a line of the terminal; undefined in a pipe
 */
export function table(columns: readonly Column[], rows: Rows, room: number | undefined): string {
  if (room === undefined) {
    const all = [columns.map(({ title }) => title), ...rows];
    const widths = columns.map((_, at) => Math.max(...all.map((row) => lengthOf(row[at] ?? ''))));
    return all.map((row) => aligned(columns, row, widths)).join('\n');
  }
  const flexible = columns.map(({ title, short = title, least, leftOut }, at) => {
    const cells = Math.max(0, ...rows.map((row) => widthOf(row[at] ?? '')));
    const width = Math.max(cells, widthOf(title));
    return { width, least: Math.min(width, least ?? Math.max(cells, widthOf(short))), leftOut };
  });
  return lined(columns, rows, true, columnWidths(flexible, room));
}

/**
 * A page of a long table; the first one begins with the titles.
 *
 * @param room characters in a line of the terminal; undefined in a pipe
 */
export function tablePage(
  columns: readonly FixedColumn[],
  rows: Rows,
  isFirst: boolean,
  room: number | undefined,
): string {
  if (room === undefined) {
    const all = isFirst ? [columns.map(({ title }) => title), ...rows] : rows;
    const widths = columns.map(({ width }) => width);
    return all.map((row) => aligned(columns, row, widths)).join('\n');
  }
  const flexible = columns.map(({ width, least = width, leftOut }) => ({ width, least, leftOut }));
  return lined(columns, rows, isFirst, columnWidths(flexible, room));
}

/** Names and values below one another, for one thing that has many sides. */
export function facts(
  entries: readonly (readonly [name: string, value: string])[],
  terminal: boolean,
): string {
  const width = Math.max(...entries.map(([name]) => name.length)) + 2;
  return entries
    .map(([name, value]) => `${terminal ? paint.dim(name.padEnd(width)) : name.padEnd(width)}${value}`)
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

/** @param widths undefined for a column that is left out */
function lined(
  columns: readonly Column[],
  rows: Rows,
  isFirst: boolean,
  widths: readonly (number | undefined)[],
): string {
  const shown = columns.flatMap((column, at) => {
    const width = widths[at];
    return width === undefined ? [] : [{ ...column, at, width }];
  });
  const made = new Table({
    chars: { ...CHARS, middle: paint.dim('│') },
    colAligns: shown.map(({ align = 'left' }) => align),
    // Padding on both sides counts.
    colWidths: shown.map(({ width }) => width + 2),
    style: { head: [], border: [] },
  });
  const titles = shown.map(({ title, short = title, width }) => (widthOf(title) > width ? short : title));
  if (isFirst) made.push(titles.map(paint.bold));
  made.push(...rows.map((row) => shown.map(({ at }) => row[at] ?? '')));
  return made.toString();
}
