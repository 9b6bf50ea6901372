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
  /** How long it may be silent, in ms. @default for ever */
  readonly timeoutMs?: number | undefined;
}

/**
 * Sends a request and resolves with the beginning of its answer.
 *
 * @param base the address of the control API, for messages
 * @throws CliError `no-node`; the signal's reason
 */
export function send(base: URL, path: string, init: HttpRequest): Promise<IncomingMessage> {
  const url = new URL(path, base);
  const { method, body, headers = {}, signal, timeoutMs } = init;
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        ...headers,
      },
      ...(signal === undefined ? {} : { signal }),
    });
    if (timeoutMs !== undefined) {
      const late = () =>
        request.destroy(new CliError('no-node', `${base} has not answered for ${timeoutMs / 1000} s`));
      request.setTimeout(timeoutMs, late);
    }
    request.once('response', resolve);
    request.on('error', (error) => reject(signal?.aborted ? signal.reason : unreachable(base, error)));
    request.end(body);
  });
}

/** An answer's text, no longer than it may be. @throws CliError */
export async function textOf(base: URL, answer: IncomingMessage, maxCharacters: number): Promise<string> {
  let text = '';
  for await (const chunk of chunksOf(base, answer)) {
    text += chunk;
    if (text.length > maxCharacters) {
      answer.destroy();
      throw new CliError('no-node', `the answer of ${base} is too long for a gossipchain node`);
    }
  }
  return text;
}

/** An answer's text as it comes. @throws CliError where it breaks off */
export async function* chunksOf(base: URL, answer: IncomingMessage): AsyncGenerator<string> {
  answer.setEncoding('utf8');
  try {
    for await (const chunk of answer) yield chunk as string;
  } catch (error) {
    throw unreachable(base, error);
  }
}

function unreachable(base: URL, error: unknown): Error {
  if (error instanceof CliError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message =
    REASONS[code]?.(base) ?? `cannot reach ${base}: ${error instanceof Error ? error.message : error}`;
  return new CliError('no-node', message, { cause: error });
}

const REASONS: Record<string, (base: URL) => string> = {
  ECONNREFUSED: (base) => `no node answers at ${base}: start one with "gossipchain start"`,
  ECONNRESET: (base) => `the connection to ${base} broke off: the node may have been stopped`,
  ENOTFOUND: (base) => `there is no host ${base.hostname}`,
  EAI_AGAIN: (base) => `the address of the host ${base.hostname} cannot be found at the moment`,
  ETIMEDOUT: (base) => `no node answers at ${base}`,
  EHOSTUNREACH: (base) => `the host ${base.hostname} cannot be reached`,
  ENETUNREACH: (base) => `the host ${base.hostname} cannot be reached`,
};
