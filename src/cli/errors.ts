/** What goes wrong at the command line, and how it is told: one clear line, never a stack trace. */
import { MORE_FILES } from '../open-files.js';
import { reasonOf } from '../reason.js';
import { printable } from './format.js';

export type CliErrorCode =
  /** An option or argument that cannot be right. */
  | 'usage'
  /** A file that cannot be read or written, or is not what it should be. */
  | 'bad-file'
  /** This user has no home directory, and what is kept there was to be found. */
  | 'no-home'
  /** No node answers, or not in time. */
  | 'no-node'
  /** Several nodes run, and none was chosen. */
  | 'several-nodes'
  /** The node refused what was asked. */
  | 'refused'
  /** The node took another chain while its old one was read. */
  | 'chain-replaced';

/** A mistake, or something that could not be done; the message is one line and says what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    readonly code: CliErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Exit code of a mistake, and of all that is unexpected. */
export const EXIT_MISTAKE = 2;
/** Exit code of a chain that does not hold. */
export const EXIT_INVALID = 1;

/** The line that tells of an error. */
export function errorLine(error: unknown): string {
  const [message = ''] = reasonOf(error).split(/\r?\n/).map(printable);
  if (error instanceof CliError || isOurs(error)) return `gossipchain: ${message}`;
  const system = systemMessage(error);
  if (system !== undefined) return `gossipchain: ${printable(system)}`;
  const kind = error instanceof Error && error.name !== 'Error' ? `${error.name}: ` : '';
  return `gossipchain: unexpected error: ${kind}${message} (--log-level debug shows where)`;
}

/** The typed errors of all our parts have codes like `bad-address`; the system's are like `ENOENT`. */
function isOurs(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^[a-z]+(-[a-z0-9]+)*$/.test(String(error.code));
}

const SYSTEM_REASONS: Record<string, string> = {
  ENOENT: 'there is no such file or directory',
  EACCES: 'access is not allowed',
  EPERM: 'this is not allowed',
  EISDIR: 'it is a directory, not a file',
  ENOTDIR: 'a part of the path is a file, not a directory',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is full',
  EMFILE: `too many files are open: ${MORE_FILES}`,
  ENFILE: `too many files are open on this machine: ${MORE_FILES}`,
};

/** What the system says of a file, in words; undefined where it is not about a file. */
function systemMessage(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // Databases put the system's words into errors of their own.
  if (/no space left on device/i.test(error.message)) return SYSTEM_REASONS.ENOSPC;
  if (!('code' in error)) return undefined;
  const reason = SYSTEM_REASONS[String(error.code)];
  if (reason === undefined) return undefined;
  return 'path' in error && typeof error.path === 'string' ? `${error.path}: ${reason}` : reason;
}

/** The reason in words of what the system refused, for a message that names the file itself. */
export function systemReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return SYSTEM_REASONS[code] ?? reasonOf(error);
}
