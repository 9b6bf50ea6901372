/** Speaks to a node's control API. */
import type { IncomingMessage } from 'node:http';
import { isJsonObject, JsonError, parseJson } from '../chain/index.js';
import type { DiagnosisAnswer } from '../control/index.js';
import type {
  ForgedAnswer,
  HealthAnswer,
  InvitationAnswer,
  PeerAnswer,
  PendingAnswer,
  RegisteredAnswer,
  SentAnswer,
  StatusAnswer,
} from './answers.js';
import { CliError } from './errors.js';
import { chunksOf, type HttpRequest, send, textOf } from './http.js';

/** What a node answered: its text as it came, and what that says, every number as it was written. */
export interface Answer<T> {
  readonly text: string;
  readonly value: T;
}

/** What answers at once answers within this, in ms. */
const ANSWER_MS = 10_000;
/** Connecting may take a few addresses, each with its own patience. */
const CONNECT_MS = 90_000;
/** 10,000 pending transactions fit well. */
const MAX_ANSWER_CHARACTERS = 64 << 20;

export class ControlClient {
  /**
   * @param base address of the control API, ending in a slash
   * @param token sent as a bearer, where there is one
   */
  constructor(
    readonly base: URL,
    private readonly token?: string | undefined,
  ) {}

  health(timeoutMs: number): Promise<Answer<HealthAnswer>> {
    return this.#ask('health', { method: 'GET', timeoutMs });
  }

  status(): Promise<Answer<StatusAnswer>> {
    return this.#ask('status', { method: 'GET', timeoutMs: ANSWER_MS });
  }

  peers(): Promise<Answer<PeerAnswer[]>> {
    return this.#ask('peers', { method: 'GET', timeoutMs: ANSWER_MS });
  }

  diagnosis(): Promise<Answer<DiagnosisAnswer>> {
    return this.#ask('diagnosis', { method: 'GET', timeoutMs: ANSWER_MS });
  }

  pending(): Promise<Answer<PendingAnswer[]>> {
    return this.#ask('transactions/pending', { method: 'GET', timeoutMs: ANSWER_MS });
  }

  invitation(): Promise<Answer<InvitationAnswer>> {
    return this.#ask('invitation', { method: 'GET', timeoutMs: ANSWER_MS });
  }

  /** Waits for as long as the proof takes. */
  mine(): Promise<Answer<ForgedAnswer>> {
    return this.#ask('mine', { method: 'POST' });
  }

  /** @param body the transaction's JSON */
  sendTransaction(body: string): Promise<Answer<SentAnswer>> {
    return this.#ask('transactions/new', { method: 'POST', body, timeoutMs: ANSWER_MS });
  }

  register(nodes: readonly string[]): Promise<Answer<RegisteredAnswer>> {
    const body = JSON.stringify({ nodes });
    return this.#ask('nodes/register', { method: 'POST', body, timeoutMs: CONNECT_MS });
  }

  /** The text of the answer, which has the whole chain. */
  resolve(): Promise<AsyncIterable<string>> {
    return this.#stream('nodes/resolve', { method: 'GET' });
  }

  /** The text of `{"chain": […], "length": N}`. */
  chain(from?: number, limit?: number): Promise<AsyncIterable<string>> {
    const query = new URLSearchParams();
    if (from !== undefined) query.set('from', String(from));
    if (limit !== undefined) query.set('limit', String(limit));
    const path = query.size === 0 ? 'chain' : `chain?${query}`;
    return this.#stream(path, { method: 'GET', timeoutMs: ANSWER_MS });
  }

  /**
   * The text of the event stream.
   *
   * @param lastEventId the events after this one are wanted
   * @param silentMs how long the stream may be silent, in ms
   */
  events(lastEventId: string | undefined, silentMs: number): Promise<AsyncIterable<string>> {
    return this.#stream('events', {
      method: 'GET',
      timeoutMs: silentMs,
      headers: {
        accept: 'text/event-stream',
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      },
    });
  }

  async #ask<T>(path: string, init: HttpRequest): Promise<Answer<T>> {
    const text = await textOf(this.base, await this.#send(path, init), MAX_ANSWER_CHARACTERS);
    try {
      return { text, value: parseJson(text) as T };
    } catch (error) {
      if (error instanceof JsonError) throw this.#notANode('what it answers is not JSON');
      throw error;
    }
  }

  async #stream(path: string, init: HttpRequest): Promise<AsyncIterable<string>> {
    return chunksOf(this.base, await this.#send(path, init));
  }

  async #send(path: string, init: HttpRequest): Promise<IncomingMessage> {
    const authorization: Record<string, string> =
      this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
    const answer = await send(this.base, path, { ...init, headers: { ...init.headers, ...authorization } });
    const { statusCode = 0 } = answer;
    if (statusCode >= 200 && statusCode < 300) return answer;
    throw await this.#refusal(answer, statusCode);
  }

  /** What the node says of why it refuses. */
  async #refusal(answer: IncomingMessage, statusCode: number): Promise<CliError> {
    const text = await textOf(this.base, answer, MAX_ANSWER_CHARACTERS);
    const message = messageIn(text);
    if (message === undefined) return this.#notANode(`it answers with status ${statusCode}`);
    if (statusCode !== 401) return new CliError('refused', message);
    const hint = 'give its token by --token-file, --token or GOSSIPCHAIN_TOKEN';
    return new CliError('refused', `the node at ${this.base} asks for its token: ${hint}`);
  }

  #notANode(why: string): CliError {
    return new CliError('no-node', `${this.base} is not a gossipchain node: ${why}`);
  }
}

function messageIn(text: string): string | undefined {
  try {
    const value = parseJson(text);
    const message = isJsonObject(value) ? value.message : undefined;
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined; // no JSON: not an answer of a node
  }
}
