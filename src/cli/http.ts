/** One HTTP request. Node's own `fetch` gives up on an answer after 300 s, and a proof may take longer. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { CliError } from './errors.js';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Canonical JSON. */
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** How long it may be silent while it is waited for, in ms. @default for ever */
  readonly timeoutMs?: number | undefined;
}

export interface HttpAnswer {
  readonly statusCode: number;
  /** As it comes; a CliError where it breaks off. */
  readonly text: AsyncIterable<string>;
}

/** A node waits for a slow reader for a minute: about so long it has been kept waiting then, in ms. */
const SLOW_MS = 50_000;

/**
 * Sends a request and resolves with the beginning of its answer.
 *
 * @param base the address of the control API, for messages
 * @throws CliError `no-node`; the signal's reason
 */
export function send(base: URL, path: string, init: HttpRequest): Promise<HttpAnswer> {
  const url = new URL(path, base);
  const { method, body, headers = {}, signal, timeoutMs } = init;
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method,
      // A connection that was kept may be closed by the node in the moment in which it is used again.
      agent: false,
      headers: {
        accept: 'application/json',
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        ...headers,
      },
      ...(signal === undefined ? {} : { signal }),
    });
    const answered = expectSoon(base, request, timeoutMs);
    request.once('response', (answer) => {
      answered();
      resolve({ statusCode: answer.statusCode ?? 0, text: chunksOf(base, answer, timeoutMs) });
    });
    request.on('error', (error) => {
      answered();
      reject(signal?.aborted ? signal.reason : unreachable(base, error));
    });
    request.end(body);
  });
}

/** An answer's text, no longer than it may be. @throws CliError */
export async function textOf(base: URL, answer: HttpAnswer, maxCharacters: number): Promise<string> {
  let text = '';
  for await (const chunk of answer.text) {
    text += chunk;
    if (text.length > maxCharacters)
      throw new CliError('no-node', `the answer of ${base} is too long for a gossipchain node`);
  }
  return text;
}

/** Between a chunk and the next it is the reader who takes their time, not the node. */
async function* chunksOf(
  base: URL,
  answer: IncomingMessage,
  timeoutMs: number | undefined,
): AsyncGenerator<string> {
  answer.setEncoding('utf8');
  let came = expectSoon(base, answer, timeoutMs);
  let keptWaitingMs = 0;
  try {
    for await (const chunk of answer) {
      came();
      const start = performance.now();
      yield chunk as string;
      keptWaitingMs += performance.now() - start;
      came = expectSoon(base, answer, timeoutMs);
    }
  } catch (error) {
    if (keptWaitingMs >= SLOW_MS && codeOf(error) === 'ECONNRESET') throw tooSlow(base, keptWaitingMs, error);
    throw unreachable(base, error);
  } finally {
    came();
  }
}

/** @returns to be called when it is there: else what is waited for is destroyed */
function expectSoon(
  base: URL,
  waitedFor: { destroy(error: Error): unknown },
  timeoutMs: number | undefined,
): () => void {
  if (timeoutMs === undefined) return () => {};
  const late = () =>
    waitedFor.destroy(
      new CliError(
        'no-node',
        `${base} has not answered for ${timeoutMs / 1000} s: try again, or stop what runs there and start it anew`,
      ),
    );
  const timer = setTimeout(late, timeoutMs);
  return () => clearTimeout(timer);
}

function tooSlow(base: URL, keptWaitingMs: number, cause: unknown): CliError {
  const waited = `having waited ${Math.round(keptWaitingMs / 1000)} s for its reader`;
  const advice = 'write the answer to a file, and read that';
  return new CliError('no-node', `the connection to ${base} broke off, ${waited}: ${advice}`, { cause });
}

function unreachable(base: URL, error: unknown): Error {
  if (error instanceof CliError) return error;
  const message =
    REASONS[codeOf(error)]?.(base) ??
    `cannot reach ${base}: ${error instanceof Error ? error.message : error}`;
  return new CliError('no-node', message, { cause: error });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function notHttps(base: URL): string {
  return `${base} does not speak https: try ${base.href.replace(/^https/, 'http')}`;
}

const REASONS: Record<string, (base: URL) => string> = {
  ECONNREFUSED: (base) => `no node answers at ${base}: start one with "gossipchain start"`,
  ECONNRESET: (base) => `the connection to ${base} broke off: the node may have been stopped`,
  ENOTFOUND: (base) => `there is no host ${base.hostname}`,
  EAI_AGAIN: (base) => `the address of the host ${base.hostname} cannot be found at the moment`,
  ETIMEDOUT: (base) => `no node answers at ${base}`,
  // So OpenSSL says, by its version, that it is answered in another language.
  EPROTO: notHttps,
  ERR_SSL_WRONG_VERSION_NUMBER: notHttps,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: notHttps,
  EHOSTUNREACH: (base) => `the host ${base.hostname} cannot be reached`,
  ENETUNREACH: (base) => `the host ${base.hostname} cannot be reached`,
};
