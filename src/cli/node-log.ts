/** A running node's log: one line an event, readable at a terminal and in a pipe. */
import { type DestinationStream, type Logger as Pino, pino } from 'pino';
import { formatTime, printable } from './format.js';
import type { LogLevel } from './log-level.js';
import { originalStack } from './original-stack.js';
import { CLEAR_LINE, canRedraw, paintFor, type Shown } from './terminal.js';

export interface LogStream extends Shown {
  write(text: string): unknown;
}

/** An entry as pino writes it. */
type Entry = Readonly<Record<string, unknown>> & { readonly level: number; readonly time: number };

/** @param stream gets the lines, for a person if it is a terminal */
export function nodeLog(level: LogLevel, stream: LogStream): Pino {
  const line = stream.isTTY === true ? terminalLine(stream) : plainLine;
  const destination: DestinationStream = {
    write: (json) => stream.write(`${line(JSON.parse(json) as Entry)}\n`),
  };
  // All else may be peers' text, which is none of ours to look for stack traces in.
  const serializers = { error: errorText, stack: errorText };
  return pino({ level, base: null, serializers }, destination);
}

/** Of an error, where it comes from: as JSON it would be `{}`. */
function errorText(value: unknown): unknown {
  const text = value instanceof Error ? (value.stack ?? String(value)) : value;
  return typeof text === 'string' ? originalStack(text) : text;
}

/** The whole date, in this machine's time zone, and the level: a log file may be read much later. */
function plainLine(entry: Entry): string {
  const ms = String(entry.time % 1000).padStart(3, '0');
  const level = `${pino.levels.labels[entry.level]?.toUpperCase()}:`;
  return `[${formatTime(entry.time)}.${ms}] ${level.padEnd(6)} ${entryText(entry)}`;
}

/** A person sees most what has happened, then with what, and least when. */
function terminalLine(stream: LogStream): (entry: Entry) => string {
  const paint = paintFor(stream);
  const start = canRedraw(stream) ? CLEAR_LINE : '';
  return (entry) => {
    const time = paint.dim(formatTime(entry.time).slice(-8));
    const { mark, colour } = LOOKS.find(({ from }) => entry.level >= from) as Look;
    const action = printable(String(entry.msg ?? ''));
    const fields = fieldsOf(entry).map(([key, value]) => `${paint.dim(`${key}=`)}${value}`);
    const room = ' '.repeat(Math.max(0, ACTION_WIDTH - action.length));
    return `${start}${time} ${paint[colour](`${mark} ${action}`)}${fields.length === 0 ? '' : `${room} ${fields.join('  ')}`}`;
  };
}

interface Look {
  /** The lowest level that looks so. */
  readonly from: number;
  /** Tells it from others without colours. */
  readonly mark: string;
  readonly colour: 'red' | 'yellow' | 'cyan' | 'dim';
}

const LOOKS: readonly Look[] = [
  { from: pino.levels.values.error as number, mark: '✗', colour: 'red' },
  { from: pino.levels.values.warn as number, mark: '!', colour: 'yellow' },
  { from: pino.levels.values.info as number, mark: ' ', colour: 'cyan' },
  { from: 0, mark: '·', colour: 'dim' },
];

/** Pino's own fields. */
const OWN_FIELDS: ReadonlySet<string> = new Set(['level', 'time', 'msg']);
const ACTION_WIDTH = 20;

/** What varies stands after the action. Text may come from peers: nothing of it moves the cursor. */
export function entryText(entry: Readonly<Record<string, unknown>>): string {
  const fields = fieldsOf(entry).map(([key, value]) => `${key}=${value}`);
  return `${printable(String(entry.msg ?? '')).padEnd(ACTION_WIDTH)} ${fields.join('  ')}`.trimEnd();
}

function fieldsOf(entry: Readonly<Record<string, unknown>>): [key: string, value: string][] {
  return Object.entries(entry)
    .filter(([key, value]) => !OWN_FIELDS.has(key) && value !== undefined && value !== null)
    .map(([key, value]) => [printable(key), fieldText(value)]);
}

function fieldText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = printable(text);
  return typeof value === 'string' && /[\s="]/.test(safe) ? `"${safe.replaceAll('"', '\\"')}"` : safe;
}
