/** A node as the page's model meets it, in the same process: it answers, and tells its events to whoever follows. */
import { onTestFinished, vi } from 'vitest';
import type { Events, Status } from '../../src/dashboard/node/answers.js';

const STATUS: Status = {
  version: '0',
  name: 'ada',
  network: 'test',
  network_id: 'test',
  peer_id: 'peer of ada',
  addresses: [],
  length: 1,
  head: 'hash 1',
  difficulty: 4,
  peers: 0,
  pending: 0,
  mining: null,
  tied_heads: [],
};

const RESTARTED = 'event: reset\ndata: {"reason": "restarted"}\n\n';

export class FakeNode {
  status = STATUS;
  /** Undefined where nobody can reach it. */
  invitation: string | undefined = 'one';
  everySeconds: number | null = null;
  /** Whether it wants its token. */
  locked = false;
  /** What it says instead of its events. */
  refusal: (() => Response) | undefined;
  /** Such as `GET /status`, each as often as it was asked. */
  readonly asked: string[] = [];
  /** What the next answers to a call wait for. */
  readonly #held = new Map<string, Promise<void>>();
  /** Tells the events of one run from those of another. */
  #start = 1;
  readonly #told: string[] = [];
  readonly #streams = new Set<ReadableStreamDefaultController<Uint8Array>>();

  /** Stands, with a clock of its own, where a page would find a browser and its node. Gone when the test is over. */
  static stand(): FakeNode {
    const node = new FakeNode();
    vi.useFakeTimers();
    vi.stubGlobal('window', globalThis);
    vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false }));
    vi.stubGlobal('fetch', (path: string, init?: RequestInit) => node.#ask(path, init));
    onTestFinished(() => {
      vi.useRealTimers();
      vi.unstubAllGlobals();
    });
    return node;
  }

  tell<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    const text = `id: ${this.#start}-${this.#told.length + 1}\nevent: ${name}\ndata: ${JSON.stringify(event)}\n\n`;
    this.#told.push(text);
    for (const stream of this.#streams) stream.enqueue(bytes(text));
  }

  /** Ends all streams. */
  cut(): void {
    for (const stream of this.#streams) stream.close();
    this.#streams.clear();
  }

  /** Begins anew, and knows nothing of what it told. */
  restart(): void {
    this.#start++;
    this.#told.length = 0;
    this.cut();
  }

  /** How many follow its events. */
  get listeners(): number {
    return this.#streams.size;
  }

  /** How often this was asked. */
  times(call: string): number {
    return this.asked.filter((one) => one === call).length;
  }

  /** Has answers to a call come late: as they were when it was asked, once this is called. */
  hold(call: string): () => void {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#held.set(call, released);
    return release;
  }

  async #ask(path: string, init: RequestInit = {}): Promise<Response> {
    const call = `${init.method ?? 'GET'} ${path}`;
    this.asked.push(call);
    const response = this.#answer(call, path, init);
    await this.#held.get(call);
    return response;
  }

  #answer(call: string, path: string, { headers, body, signal }: RequestInit): Response {
    if (path === '/session') {
      this.locked = false;
      return new Response(null, { status: 204 });
    }
    if (this.locked) return refused(401, 'this node needs its token');
    if (call === 'POST /mining') this.everySeconds = JSON.parse(String(body)).every_seconds;
    if (path === '/events') return this.refusal?.() ?? this.#stream(new Headers(headers), signal);
    const answer = {
      '/status': this.status,
      '/mining': { every_seconds: this.everySeconds },
      '/invitation': this.invitation && { code: this.invitation },
      '/peers': [],
      '/branches': [],
      '/transactions/pending': [],
    }[path];
    return answer === undefined ? refused(404, 'there is none') : Response.json(answer);
  }

  #stream(headers: Headers, signal: AbortSignal | null | undefined): Response {
    const [start, number = '0'] = (headers.get('Last-Event-ID') ?? '').split('-');
    const isOfOtherRun = start !== '0' && Number(start) !== this.#start;
    const place = isOfOtherRun ? this.#told.length : Number(number);
    const missed = isOfOtherRun ? [RESTARTED] : this.#told.slice(place);
    const beginning = `retry: 1000\nid: ${this.#start}-${place}\n\n`;
    return new Response(
      new ReadableStream({
        start: (stream) => {
          this.#streams.add(stream);
          for (const text of [beginning, ...missed]) stream.enqueue(bytes(text));
          signal?.addEventListener('abort', () => {
            if (this.#streams.delete(stream)) stream.error(signal.reason);
          });
        },
      }),
    );
  }
}

/** An answer in the node's own words. */
export function refused(status: number, message: string, headers: HeadersInit = {}): Response {
  return Response.json({ statusCode: status, error: '', message }, { status, headers });
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
