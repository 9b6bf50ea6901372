/** A node in a process of its own, as a user starts it: the built program, driven through its control API. */
import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { homeVariables } from './home.js';
import { residentBytes } from './resident.js';

export const MAIN = resolve('dist/bin/gossipchain.cjs');
/** Of what a process writes, so many characters are kept. */
const KEPT_OUTPUT = 1 << 20;
/** Where nodes keep their compiled code, whatever their home is: a third of a start is to compile it. */
const CACHE = resolve('node_modules/.cache/gossipchain/tests');
/** A node that has not started by then, in ms, never will: also where others keep the machine busy. */
const START_MS = 60_000;

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it wrote to either stream. */
  readonly output: string;
}

export interface Launched {
  readonly child: ChildProcess;
  /** What it has written to either stream so far... */
  readonly output: () => string;
  /** ...and to stderr. */
  readonly errors: () => string;
  readonly finished: Promise<Finished>;
}

/**
 * Runs one command of the program, which finds this home's files only.
 *
 * @param stdin `pipe` where the caller writes to it
 */
export function launch(args: readonly string[], home: string, stdin: 'ignore' | 'pipe' = 'ignore'): Launched {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: {
      ...process.env,
      ...homeVariables(home),
      GOSSIPCHAIN_TOKEN: '',
      XDG_CACHE_HOME: process.env.GOSSIPCHAIN_TEST_CACHE ?? CACHE,
      NO_COLOR: '1',
    },
    stdio: [stdin, 'pipe', 'pipe'],
  });
  let [text, errors] = ['', ''];
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk) => {
      text = (text + chunk).slice(-KEPT_OUTPUT);
      if (stream === child.stderr) errors = (errors + chunk).slice(-KEPT_OUTPUT);
    });
  const finished = new Promise<Finished>((done) => {
    child.on('close', (code, signal) => done({ code, signal, output: text }));
  });
  return { child, output: () => text, errors: () => errors, finished };
}

export interface Status {
  readonly peer_id: string;
  readonly addresses: string[];
  readonly length: number;
  readonly head: string;
  readonly peers: number;
  readonly pending: number;
  readonly mining: unknown;
  readonly tied_heads: string[];
}

export class NodeProcess {
  protected constructor(
    readonly url: string,
    readonly args: readonly string[],
    readonly home: string,
    private readonly launched: Launched,
  ) {}

  /** Starts a node and waits until it serves its control API. @throws Error with what it wrote, where it does not start */
  static async start(args: readonly string[], home: string): Promise<NodeProcess> {
    const launched = launch(['start', ...args], home);
    return new NodeProcess(await controlUrl(launched), args, home, launched);
  }

  get pid(): number {
    return this.launched.child.pid as number;
  }

  get output(): string {
    return this.launched.output();
  }

  /** What it wrote to stderr: its log. */
  get log(): string {
    return this.launched.errors();
  }

  /** Resolves when the process has ended, for whatever reason. */
  get ended(): Promise<Finished> {
    return this.launched.finished;
  }

  async get<T>(path: string): Promise<T> {
    // On a connection of its own: one that is kept may be closed by the node just when a busy test asks again.
    const answer = await fetch(this.url + path, { headers: { connection: 'close' } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async text(path: string): Promise<string> {
    return await (await fetch(this.url + path)).text();
  }

  post(path: string, body: unknown): Promise<Response> {
    return fetch(this.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  status(): Promise<Status> {
    return this.get<Status>('/status');
  }

  mine(): Promise<{ index: number; proof: number; previous_hash: string }> {
    return this.get('/mine');
  }

  /** Resident memory, in bytes (Linux). */
  memory(): Promise<number> {
    return residentBytes(this.pid);
  }

  /** What V8 has taken for what is new, in bytes. */
  async youngBytes(): Promise<number> {
    const metrics = await (await fetch(`${this.url}/metrics`)).text();
    return Number(/^nodejs_heap_space_size_total_bytes\{space="new"[^}]*\} (\d+)/m.exec(metrics)?.[1]);
  }

  async end(signal: NodeJS.Signals): Promise<Finished> {
    this.launched.child.kill(signal);
    return await this.launched.finished;
  }
}

/** Where the node's introduction says that its control API is: by then it is served. */
export async function controlUrl({ child, output, finished }: Launched): Promise<string> {
  const found = new Promise<string | undefined>((resolve) => {
    child.stdout?.on('data', () => {
      if (output().includes('Ctrl-C stops it.')) resolve(/http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0]);
    });
  });
  const late = new AbortController();
  const patience = delay(START_MS, undefined, { signal: late.signal }).catch(() => undefined);
  const url = await Promise.race([found, finished.then(() => undefined), patience]);
  late.abort();
  if (url === undefined) {
    child.kill('SIGKILL');
    const { code } = await finished;
    throw new Error(`a node does not start (exit code ${code}): ${output()}`);
  }
  return url;
}
