// How measurements are told: one table, or JSON, with the machine they were made on.
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { lineRoom } from '../dist/src/cli/output.js';
import { table } from '../dist/src/cli/table.js';

/**
 * @typedef {object} Figure
 * @property {string} what - what was measured
 * @property {number} value - the median of its samples, unless `what` says otherwise
 * @property {string} unit - 'tries/s', 'ms', 'MiB' …
 * @property {{what: string, value: number}} [baseline] - in the same unit, of the same run
 * @property {number} [ratio] - value to baseline, where `value / baseline.value` is not what counts
 * @property {{least?: number, most?: number, of: 'ratio' | 'value'}} [must] - what it must reach
 *
 * @typedef {object} Report
 * @property {string} bench
 * @property {Figure[]} figures
 * @property {string[]} [notes] - lines a reader of the table needs
 */

/** @param {number[]} samples @returns {number} the middle one; of two middle ones their mean */
export function median(samples) {
  return quantile(samples, 0.5);
}

/** @param {number[]} samples @param {number} q - 0 to 1 @returns {number} between the two nearest, linearly */
export function quantile(samples, q) {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)];
  return low + (sorted[Math.ceil(at)] - low) * (at - Math.floor(at));
}

/** @param {Figure} figure @returns {number | undefined} */
export function ratioOf({ value, baseline, ratio }) {
  return ratio ?? (baseline && value / baseline.value);
}

/** @param {Figure} figure @returns {boolean | undefined} whether it reaches what it must; undefined where nothing is asked */
export function holds(figure) {
  if (figure.must === undefined) return undefined;
  const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY, of } = figure.must;
  const found = of === 'ratio' ? ratioOf(figure) : figure.value;
  return found !== undefined && found >= least && found <= most;
}

/** @param {Report} report @param {'table' | 'markdown' | 'json'} form */
export function print(report, form) {
  const machine = describeMachine();
  if (form === 'json') {
    const figures = report.figures.map((figure) => ({
      ...figure,
      ratio: ratioOf(figure),
      holds: holds(figure),
    }));
    console.log(JSON.stringify({ ...report, figures, machine }));
    return;
  }
  const rows = report.figures.map(row);
  console.log(form === 'markdown' ? markdown(rows) : table(COLUMNS, rows, lineRoom()));
  for (const note of report.notes ?? []) console.log(note);
  console.log(machine);
}

const COLUMNS = [
  { title: 'measured' },
  { title: 'value', align: 'right' },
  { title: 'beside' },
  { title: 'value', align: 'right' },
  { title: 'ratio', align: 'right' },
  { title: 'must be', align: 'right' },
  { title: '' },
];

/** What must be and whether it is share a column. */
function markdown(rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const titles = COLUMNS.slice(0, -1).map(({ title }) => title);
  const rules = COLUMNS.slice(0, -1).map(({ align }) => (align === 'right' ? '---:' : '---'));
  const bodies = rows.map(([...cells]) => {
    const held = cells.pop();
    return [...cells.slice(0, -1), [cells.at(-1), held].filter((text) => text !== '').join(', ')];
  });
  return [titles, rules, ...bodies].map(line).join('\n');
}

function row(figure) {
  const { what, value, unit, baseline, must } = figure;
  const ratio = ratioOf(figure);
  const held = holds(figure);
  return [
    what,
    `${short(value)} ${unit}`,
    baseline?.what ?? '',
    baseline ? `${short(baseline.value)} ${unit}` : '',
    ratio === undefined ? '' : `${ratio.toFixed(2)} ×`,
    must ? limits(must, unit) : '',
    held === undefined ? '' : held ? 'held' : 'NOT HELD',
  ];
}

function limits({ least, most, of }, unit) {
  const bounds = [least === undefined ? [] : [`≥ ${least}`], most === undefined ? [] : [`≤ ${most}`]];
  return `${bounds.flat().join(', ')} ${of === 'ratio' ? '×' : unit}`;
}

/** Three significant digits: more would be noise. */
function short(value) {
  return Number(value.toPrecision(3)).toLocaleString('en-US');
}

function describeMachine() {
  const { version } = process;
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${gib} GiB, ${type()} ${release()}, Node ${version}, ${commit()}`;
}

/** What was measured is worth telling also where git, or the repository, is missing. */
function commit() {
  try {
    const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    return execFileSync('git', ['describe', '--always', '--dirty'], options).trim();
  } catch {
    return 'no commit';
  }
}
