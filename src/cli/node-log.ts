/** A running node's log: one line an event, readable at a terminal and in a pipe. */
import { type DestinationStream, type Logger as Pino, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { printable } from './format.js';
import type { LogLevel } from './log-level.js';
import { originalStack } from './original-stack.js';

export interface LogStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** @param stream gets the lines; in colours if it is a terminal */
export function nodeLog(level: LogLevel, stream: LogStream): Pino {
  const terminal = stream.isTTY === true;
  const pretty = prettyFactory({
    colorize: terminal,
    translateTime: terminal ? 'SYS:HH:MM:ss' : 'SYS:yyyy-mm-dd HH:MM:ss.l',
    hideObject: true,
    // It would put these in places of their own; all fields stand after the action.
    ignore: 'name,pid,hostname,caller,type,stack',
    messageFormat: (entry) => `${roomAfter(Number(entry.level))}${entryText(entry)}`,
  });
  const destination: DestinationStream = { write: (line) => stream.write(pretty(originalStack(line))) };
  return pino({ level, base: null }, destination);
}

/** Levels are words of different lengths; what follows stands in one column all the same. */
function roomAfter(level: number): string {
  return ' '.repeat(Math.max(0, 5 - (pino.levels.labels[level] ?? '').length));
}

/** Pino's own fields. */
const OWN_FIELDS: ReadonlySet<string> = new Set(['level', 'time', 'msg']);
const ACTION_WIDTH = 20;

/** What varies stands after the action. Text may come from peers: nothing of it moves the cursor. */
export function entryText(entry: Record<string, unknown>): string {
  const fields = Object.entries(entry)
    .filter(([key, value]) => !OWN_FIELDS.has(key) && value !== undefined && value !== null)
    .map(([key, value]) => `${printable(key)}=${fieldText(value)}`);
  return `${printable(String(entry.msg ?? '')).padEnd(ACTION_WIDTH)} ${fields.join('  ')}`.trimEnd();
}

function fieldText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = printable(text);
  return typeof value === 'string' && /[\s="]/.test(safe) ? `"${safe.replaceAll('"', '\\"')}"` : safe;
}
