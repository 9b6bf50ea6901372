/** What can go wrong with what a node keeps. */
import { MORE_FILES } from '../open-files.js';
import type { Refusal } from './refusal.js';

/**
 * - `in-use`: another process has the directory open
 * - `other-network`: the directory holds the chain of another network
 * - `unknown-format`: the directory was written by another version, or by something else
 * - `damaged`: what is stored cannot be read back
 * - `not-writable`: the directory cannot be made or written to; after a failed write nothing more is written
 * - `not-openable`: the system lets this process open no (more) files there; nothing is amiss with what is stored
 * - `closed`: the store, or the snapshot that was read, is closed
 * - `misuse`: what was asked for makes no sense; a mistake in the calling program
 */
export type StorageErrorCode =
  | 'in-use'
  | 'other-network'
  | 'unknown-format'
  | 'damaged'
  | 'not-writable'
  | 'not-openable'
  | 'closed'
  | 'misuse';

/** Its message is one line that says what to do. */
export class StorageError extends Error {
  override readonly name = 'StorageError';

  constructor(
    readonly code: StorageErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A branch that was to become our chain cannot be read back. */
export class UnreadableBranch extends StorageError {}

/**
 * Whether what could not be opened is not ours to remove, even where it was not there a moment ago: it is in use by another
 * process; or it is damaged, as nothing is that was made just now, so that another may be making it.
 */
export function isOthers(error: unknown): boolean {
  return isDamage(error) || (error instanceof StorageError && error.code === 'in-use');
}

export function isDamage(error: unknown): error is StorageError {
  return error instanceof StorageError && error.code === 'damaged';
}

export function misuse(message: string): StorageError {
  return new StorageError('misuse', message);
}

/** What a person is to do where this was refused to who reads. */
const WAYS_OUT: Record<Refusal, string> = {
  'too-many-files': MORE_FILES,
  'no-memory': 'let the node have more memory (ulimit -v, or the limit of its container), and start it again',
  'no-room': 'make room on its disk, and start again',
  'not-allowed': 'make all that is in it readable for this user',
};

/** @param reason the system's own, which names the file */
export function notOpenable(place: string, refusal: Refusal, reason: string, cause: unknown): StorageError {
  return new StorageError('not-openable', `cannot read ${place} (${reason}): ${WAYS_OUT[refusal]}`, {
    cause,
  });
}

/** @param what is wrong; it may quote what was read, line breaks and all */
export function damaged(place: string, what: string, cause?: unknown): StorageError {
  const wayOut = 'move it away and start again, the node fetches the chain from its peers anew';
  const inOneLine = what.replace(/\s+/g, ' ');
  return new StorageError('damaged', `the chain in ${place} is damaged (${inOneLine}): ${wayOut}`, { cause });
}
