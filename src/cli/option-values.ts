/** Reads the values of options; commander puts the option's name before what is said here. */
import { InvalidArgumentError } from 'commander';
import { MAX_DIFFICULTY } from '../chain/index.js';
import { MAX_MINING_SECONDS, MIN_MINING_SECONDS } from '../control/constants.js';
import { isHost } from '../control/safety/hosts.js';
import { MAX_NICKNAME_CODE_POINTS } from '../network/constants.js';
import { isNickname } from '../network/user-agent.js';

/** A reader of whole numbers in a range. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) {
      const upTo = max === Number.MAX_SAFE_INTEGER ? ` of ${min} or more` : ` from ${min} to ${max}`;
      throw new InvalidArgumentError(`It must be a whole number${upTo}.`);
    }
    return value;
  };
}

export const port = wholeNumber(1, 65_535);
/** 0 lets the system choose. */
export const portToBind = wholeNumber(0, 65_535);
export const difficulty = wholeNumber(0, MAX_DIFFICULTY);
export const count = wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** Between two blocks of a node's own: what its control API takes, too. */
export function seconds(text: string): number {
  const value = /^(?:\d+(?:\.\d+)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= MIN_MINING_SECONDS && value <= MAX_MINING_SECONDS))
    throw new InvalidArgumentError(
      `It must be a number of seconds from ${MIN_MINING_SECONDS} to ${MAX_MINING_SECONDS}.`,
    );
  return value;
}

/** A file, a directory, an address: empty where a variable of the shell was not set, and then another than the one meant. */
export function filled(text: string): string {
  if (text === '') throw new InvalidArgumentError('It must not be empty.');
  return text;
}

/** What other nodes are to call this one. */
export function nickname(text: string): string {
  if (isNickname(text)) return text;
  throw new InvalidArgumentError(
    `It must have 1 to ${MAX_NICKNAME_CODE_POINTS} characters, no line breaks or others that do not show, and no spaces around.`,
  );
}

/** A name that the control API answers to: may be given more than once. */
export function hosts(text: string, before: readonly string[] | undefined): string[] {
  if (!isHost(text))
    throw new InvalidArgumentError(
      'It must be a name or an address as a URL has it, with a port or without: like node.example or 192.168.1.20:8080.',
    );
  return collect(text, before);
}

/** For options that may be given more than once. */
export function collect(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}

export function hash(text: string): string {
  const lower = text.toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(lower)) throw new InvalidArgumentError('It must be a hash of 64 hex digits.');
  return lower;
}

export function nonce(text: string): string {
  if (!/^[0-9a-f]{32}$/.test(text)) throw new InvalidArgumentError('It must be 32 lowercase hex digits.');
  return text;
}

export function controlUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === '')
    throw new InvalidArgumentError('It must be like http://127.0.0.1:5000/.');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** Difficulties to measure: `4`, or a range like `1..6`. */
export function difficultyRange(text: string): number[] {
  const match = /^(\d{1,2})(?:\.\.(\d{1,2}))?$/.exec(text);
  const [first, last] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
  if (match === null || first < 1 || last > 6 || first > last)
    throw new InvalidArgumentError('It must be from 1 to 6, or a range like 1..6.');
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
