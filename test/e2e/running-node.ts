/** Node processes as a user starts them, from the built package, inside the tests' own network namespace. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';

export const MAIN = resolve('dist/bin/gossipchain.cjs');

/** Starts whole nodes: only where no packet can leave the machine. */
export const describeNodes = describe.skipIf(process.env.GOSSIPCHAIN_TEST_NAMESPACE !== '1');

/** A directory of its own for this test's homes and data, gone when the test is over. */
export function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'gossipchain-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** Runs one command to its end. */
export function run(args: string[], home: string, input?: string): Promise<Finished> {
  return launch(args, home, input).finished;
}

interface Launched {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly finished: Promise<Finished>;
}

function launch(args: string[], home: string, input?: string): Launched {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: {
      ...process.env,
      HOME: home,
      XDG_DATA_HOME: '',
      XDG_STATE_HOME: '',
      XDG_CONFIG_HOME: '',
      XDG_CACHE_HOME: '',
      NO_COLOR: '1',
    },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout?.on('data', (chunk) => (text += chunk));
  child.stderr?.on('data', (chunk) => (text += chunk));
  child.stdin?.end(input);
  const finished = new Promise<Finished>((done) => {
    child.on('close', (code, signal) => done({ code, signal, output: text }));
  });
  return { child, output: () => text, finished };
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

export class RunningNode {
  private constructor(
    readonly url: string,
    readonly args: string[],
    readonly home: string,
    private readonly launched: Launched,
  ) {}

  /** Starts a node and waits until it answers. Ended with its test, however that ends. */
  static async start(args: string[] = [], home = scratch()): Promise<RunningNode> {
    const launched = launch(['start', ...args], home);
    onTestFinished(async () => {
      launched.child.kill('SIGKILL');
      await launched.finished;
    });
    let ended = false;
    void launched.finished.then(() => {
      ended = true;
    });
    let url = '';
    await expect
      .poll(
        async () => {
          if (ended) throw new Error(`the node ended at its start: ${launched.output()}`);
          url = /http:\/\/127\.0\.0\.1:\d+/.exec(launched.output())?.[0] ?? '';
          return url !== '' && (await fetch(`${url}/health`).then((answer) => answer.ok));
        },
        { timeout: 20_000, interval: 20 },
      )
      .toBe(true);
    return new RunningNode(url, args, home, launched);
  }

  /** The same node once more, after it has ended. */
  again(): Promise<RunningNode> {
    return RunningNode.start(this.args, this.home);
  }

  get pid(): number {
    return this.launched.child.pid as number;
  }

  get output(): string {
    return this.launched.output();
  }

  async get<T>(path: string): Promise<T> {
    const answer = await fetch(this.url + path);
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
  async memory(): Promise<number> {
    const status = await readFile(`/proc/${this.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  }

  async end(signal: NodeJS.Signals): Promise<Finished> {
    this.launched.child.kill(signal);
    return await this.launched.finished;
  }
}

/** Waits until a condition on a node's status holds. */
export async function untilStatus(
  node: RunningNode,
  holds: (status: Status) => boolean,
  timeout = 30_000,
): Promise<void> {
  await expect.poll(async () => holds(await node.status()), { timeout, interval: 20 }).toBe(true);
}

/** Waits until all nodes have the same head; answers it. */
export async function untilAgreed(nodes: RunningNode[], length: number, timeout = 30_000): Promise<string> {
  await expect
    .poll(
      async () => {
        const all = await Promise.all(nodes.map((node) => node.status()));
        return all.every((status) => status.length === length && status.head === all[0]?.head);
      },
      { timeout, interval: 20 },
    )
    .toBe(true);
  return (await (nodes[0] as RunningNode).status()).head;
}
