/** Speaks to a node's control API: what it asks and is answered is typed by the API's own document. */
import { canonicalJson, isJsonObject, JsonError, parseJson } from '../chain/index.js';
import type { Calls } from '../control/index.js';
import type { AnswerTo, BodyOf } from './answers.js';
import { CliError } from './errors.js';
import { type HttpAnswer, type HttpRequest, send, textOf } from './http.js';
import type { Token } from './token.js';

/** What a node answered: its text as it came, and what that says, every number as it was written. */
export interface Answer<T> {
  readonly text: string;
  readonly value: T;
}

/** How a call is made, beside what its method and path say. */
type How<Call extends keyof Calls> = Pick<HttpRequest, 'timeoutMs' | 'headers'> & {
  readonly query?: QueryOf<Call>;
  readonly body?: BodyOf<Call>;
};

type QueryOf<Call extends keyof Calls> = Calls[Call] extends {
  querystring: { properties: infer Properties };
}
  ? { readonly [Key in keyof Properties]?: string | number | undefined }
  : undefined;

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
    private readonly token?: Pick<Token, 'token' | 'where'> | undefined,
  ) {}

  health(timeoutMs: number): Promise<Answer<AnswerTo<'GET /health'>>> {
    return this.#ask('GET /health', { timeoutMs });
  }

  status(): Promise<Answer<AnswerTo<'GET /status'>>> {
    return this.#ask('GET /status', { timeoutMs: ANSWER_MS });
  }

  peers(): Promise<Answer<AnswerTo<'GET /peers'>>> {
    return this.#ask('GET /peers', { timeoutMs: ANSWER_MS });
  }

  diagnosis(): Promise<Answer<AnswerTo<'GET /diagnosis'>>> {
    return this.#ask('GET /diagnosis', { timeoutMs: ANSWER_MS });
  }

  pending(): Promise<Answer<AnswerTo<'GET /transactions/pending'>>> {
    return this.#ask('GET /transactions/pending', { timeoutMs: ANSWER_MS });
  }

  invitation(): Promise<Answer<AnswerTo<'GET /invitation'>>> {
    return this.#ask('GET /invitation', { timeoutMs: ANSWER_MS });
  }

  /** Waits for as long as the proof takes. */
  mine(): Promise<Answer<AnswerTo<'POST /mine'>>> {
    return this.#ask('POST /mine');
  }

  sendTransaction(
    body: BodyOf<'POST /transactions/new'>,
  ): Promise<Answer<AnswerTo<'POST /transactions/new'>>> {
    return this.#ask('POST /transactions/new', { body, timeoutMs: ANSWER_MS });
  }

  register(nodes: readonly string[]): Promise<Answer<AnswerTo<'POST /nodes/register'>>> {
    return this.#ask('POST /nodes/register', { body: { nodes: [...nodes] }, timeoutMs: CONNECT_MS });
  }

  /** The text of the answer, which has the whole chain. */
  resolve(): Promise<AsyncIterable<string>> {
    return this.#stream('GET /nodes/resolve');
  }

  /** The text of `{"chain": […], "length": N}`. */
  chain(from?: number, limit?: number): Promise<AsyncIterable<string>> {
    return this.#stream('GET /chain', { query: { from, limit }, timeoutMs: ANSWER_MS });
  }

  /**
   * The text of the event stream.
   *
   * @param lastEventId the events after this one are wanted
   * @param silentMs how long the stream may be silent, in ms
   */
  events(lastEventId: string | undefined, silentMs: number): Promise<AsyncIterable<string>> {
    return this.#stream('GET /events', {
      timeoutMs: silentMs,
      headers: {
        accept: 'text/event-stream',
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      },
    });
  }

  async #ask<Call extends keyof Calls>(call: Call, how: How<Call> = {}): Promise<Answer<AnswerTo<Call>>> {
    const text = await textOf(this.base, await this.#call(call, how), MAX_ANSWER_CHARACTERS);
    try {
      return { text, value: parseJson(text) as AnswerTo<Call> };
    } catch (error) {
      if (error instanceof JsonError) throw this.#notANode('what it answers is not JSON');
      throw error;
    }
  }

  async #stream<Call extends keyof Calls>(call: Call, how: How<Call> = {}): Promise<AsyncIterable<string>> {
    return (await this.#call(call, how)).text;
  }

  async #call<Call extends keyof Calls>(
    call: Call,
    { query = {} as QueryOf<Call>, body, ...rest }: How<Call>,
  ): Promise<HttpAnswer> {
    const [method, path] = call.split(' ') as ['GET' | 'POST', string];
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query ?? {}))
      if (value !== undefined) search.set(key, String(value));
    return await this.#send(`${path.slice(1)}${search.size === 0 ? '' : `?${search}`}`, {
      ...rest,
      method,
      body: body === undefined ? undefined : canonicalJson(body),
    });
  }

  async #send(path: string, init: HttpRequest): Promise<HttpAnswer> {
    const authorization: Record<string, string> =
      this.token === undefined ? {} : { authorization: `Bearer ${this.token.token}` };
    const answer = await send(this.base, path, { ...init, headers: { ...init.headers, ...authorization } });
    if (answer.statusCode >= 200 && answer.statusCode < 300) return answer;
    throw await this.#refusal(answer);
  }

  /** What the node says of why it refuses. */
  async #refusal(answer: HttpAnswer): Promise<CliError> {
    const { statusCode } = answer;
    const message = messageIn(await textOf(this.base, answer, MAX_ANSWER_CHARACTERS));
    if (message === undefined) return this.#notANode(`it answers with status ${statusCode}`);
    if (statusCode !== 401) return new CliError('refused', message);
    const problem =
      this.token === undefined
        ? `the node at ${this.base} asks for its token`
        : `the token from ${this.token.where} is not that of the node at ${this.base}`;
    return new CliError(
      'refused',
      `${problem}: give its token by --token-file, --token or GOSSIPCHAIN_TOKEN`,
    );
  }

  #notANode(why: string): CliError {
    return new CliError(
      'no-node',
      `${this.base} is not a gossipchain node: ${why}; name one by --port or --url`,
    );
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
