/** A node process on a host of the LAN, from the built package, driven over its control API. */
import type { ChildProcess } from 'node:child_process';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { MAIN, type Status } from '../e2e/running-node.js';
import type { Host } from './host.js';
import type { Namespace } from './namespace.js';
import { until } from './until.js';

const CONTROL_PORT = 5000;
/** An answer that takes longer, in ms, is none. */
const ANSWER_MS = 60_000;

export interface Peer {
  readonly peer_id: string;
  readonly addresses: string[];
  readonly connected_at: string;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export class LanNode {
  /** When its process was started, by performance.now(). */
  readonly startedAt = performance.now();
  peerId = '';
  #output = '';
  readonly #ended: Promise<void>;
  #end = '';

  private constructor(
    readonly host: Host,
    private readonly args: string[],
    private readonly child: ChildProcess,
  ) {
    child.stdout?.on('data', (chunk) => (this.#output += chunk));
    child.stderr?.on('data', (chunk) => (this.#output += chunk));
    this.#ended = new Promise((resolve) =>
      child.on('close', (code, signal) => {
        this.#end = signal ?? `code ${code}`;
        resolve();
      }),
    );
  }

  static async start(host: Host, namespace: Namespace, args: string[]): Promise<LanNode> {
    const env = {
      ...process.env,
      HOME: host.home,
      XDG_DATA_HOME: '',
      XDG_STATE_HOME: '',
      XDG_CONFIG_HOME: '',
      GOSSIPCHAIN_TOKEN: '',
      NO_COLOR: '1',
    };
    const command = [process.execPath, MAIN, 'start', '--port', String(CONTROL_PORT), ...args];
    const node = new LanNode(host, args, namespace.spawn(command, { env }));
    onTestFinished(async () => void (await node.end('SIGKILL')));
    await until(`${host.name} answers`, async () => {
      if (node.child.exitCode !== null) throw new Error(`${host.name} ended at its start: ${node.output}`);
      const answer = await node.ask('GET', '/health').catch(() => undefined);
      if (answer?.status === 200) node.peerId = JSON.parse(answer.body).peer_id;
      return node.peerId !== '';
    });
    return node;
  }

  /** The same node once more, after it has ended. */
  again(): Promise<LanNode> {
    return this.host.start(...this.args);
  }

  get output(): string {
    return this.#output;
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Where others reach it, once its interface is up. */
  async address(): Promise<string> {
    let found: string | undefined;
    await until(`${this.host.name} has an address`, async () => {
      const { addresses } = await this.status();
      found = addresses.find((address) => address.startsWith(`/ip4/${this.host.address}/`));
      return found !== undefined;
    });
    return found as string;
  }

  /** Asks the control API, through the host's door. */
  ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const { socket } = this.host;
    return new Promise((resolve, reject) => {
      const asked = request({
        method,
        path,
        host: '127.0.0.1',
        port: CONTROL_PORT,
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
        signal: AbortSignal.timeout(ANSWER_MS),
        createConnection: () => {
          const connection = connect(socket);
          connection.write(`${CONTROL_PORT}\n`);
          return connection;
        },
      });
      asked.on('error', reject);
      asked.on('response', (response) => {
        text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
      });
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async get<T>(path: string): Promise<T> {
    const { status, body } = await this.ask('GET', path);
    if (status !== 200) throw new Error(`${this.host.name}: GET ${path}: ${status} ${body}`);
    return JSON.parse(body) as T;
  }

  status(): Promise<Status> {
    return this.get<Status>('/status');
  }

  peers(): Promise<Peer[]> {
    return this.get<Peer[]>('/peers');
  }

  async mine(count = 1): Promise<void> {
    for (let mined = 0; mined < count; mined++) await this.get('/mine');
  }

  /** Sends a transaction. @returns its id, once the node has acknowledged it */
  async send(recipient: string): Promise<string> {
    const transaction = { sender: this.host.name, recipient, amount: 1 };
    const { status, body } = await this.ask('POST', '/transactions/new', transaction);
    if (status !== 201) throw new Error(`${this.host.name}: not acknowledged: ${status} ${body}`);
    return JSON.parse(body).id as string;
  }

  /** @returns how it ended: a signal, or `code N`; of itself before, if it had */
  async end(signal: NodeJS.Signals): Promise<string> {
    this.child.kill(signal);
    await this.#ended;
    return this.#end;
  }
}
