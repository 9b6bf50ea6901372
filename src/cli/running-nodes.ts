/** The records by which this user's commands find this user's running nodes: one file a control port and address. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from './errors.js';

/** A node that runs, or did when its record was written. */
export interface RunningNode {
  readonly pid: number;
  /** Of its control API. */
  readonly url: string;
  readonly name: string;
  /** Name of its network. */
  readonly network: string;
  readonly peerId: string;
  /** Where the token of its control API is kept; null where it needs none, or keeps none. */
  readonly tokenFile: string | null;
}

/** What a control API says of itself at /health; `refused` where nobody listens there. */
export type Health = { readonly peerId: string } | 'refused' | 'unknown';

export class RunningNodes {
  /** @param directory undefined where this user has none: then nothing can be recorded */
  constructor(private readonly directory: string | undefined) {}

  /**
   * Records a node.
   *
   * @returns removes the record; what another process has recorded in its place stays
   * @throws CliError `no-home`; the system's error
   */
  add(port: number, node: RunningNode): () => void {
    if (this.directory === undefined) throw new CliError('no-home', 'this user has no home directory');
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    const file = join(this.directory, fileName(port, node.url));
    writeFileSync(file, `${JSON.stringify(node)}\n`, { mode: 0o600 });
    return () => {
      const recorded = read(file);
      if (recorded?.pid === node.pid && recorded.peerId === node.peerId) rmSync(file, { force: true });
    };
  }

  /**
   * The record of the node at this address; that of localhost may be at either loopback address. One of a process that is gone is
   * none: its token is not for who listens there now.
   */
  at(url: URL): RunningNode | undefined {
    const hosts = url.hostname === 'localhost' ? LOOPBACK : [url.hostname];
    const urls = hosts.map((hostname) => Object.assign(new URL(url), { hostname }).href);
    return this.#records().find(({ node }) => urls.includes(node.url) && isAlive(node.pid))?.node;
  }

  /** The records of the nodes whose control APIs have this port: the one on loopback, else all there are; as above. */
  onPort(port: number): RunningNode[] {
    const there = this.#records().filter((record) => record.port === port && isAlive(record.node.pid));
    const usual = there.find((record) => isUsual(record.node.url));
    return (usual === undefined ? there : [usual]).map(({ node }) => node);
  }

  /**
   * The nodes that run. The record of one that was killed is removed.
   *
   * @param health asks the control API at a url
   */
  async list(health: (url: string) => Promise<Health>): Promise<RunningNode[]> {
    const looked = await Promise.all(
      this.#records().map(async ({ file, node }) => {
        const said = await health(node.url);
        if (typeof said === 'object' && said.peerId === node.peerId) return node;
        // One that answers late still runs; where another has its port, or nobody, it does not, or not for us.
        if (said === 'unknown' && isAlive(node.pid)) return node;
        if (!isAlive(node.pid)) rmSync(file, { force: true });
        return undefined;
      }),
    );
    return looked.filter((node) => node !== undefined);
  }

  #records(): { file: string; port: number; node: RunningNode }[] {
    const { directory } = this;
    if (directory === undefined) return [];
    let names: string[];
    try {
      names = readdirSync(directory);
    } catch {
      return []; // no node has ever been started
    }
    return names
      .filter((name) => FILE_NAME.test(name))
      .map((name) => ({ file: join(directory, name), port: Number.parseInt(name, 10) }))
      .sort((a, b) => a.port - b.port)
      .flatMap(({ file, port }) => {
        const node = read(file);
        return node === undefined ? [] : [{ file, port, node }];
      });
  }
}

const LOOPBACK = ['127.0.0.1', '[::1]'];
const FILE_NAME = /^\d+(@[\w.-]+)?\.json$/;

/** Several nodes may have one port, each at an address of its own. */
function fileName(port: number, url: string): string {
  // An IPv6 address has characters that Windows allows in no name.
  const address = isUsual(url) ? '' : `@${new URL(url).hostname.replace(/[^\w.-]/g, '_')}`;
  return `${port}${address}.json`;
}

/** Where a node is reached that was given no address. */
function isUsual(url: string): boolean {
  return new URL(url).hostname === '127.0.0.1';
}

function read(file: string): RunningNode | undefined {
  try {
    const node: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isRunningNode(node) ? node : undefined;
  } catch {
    return undefined; // removed meanwhile, or half written: as good as none
  }
}

function isRunningNode(value: unknown): value is RunningNode {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, url, name, network, peerId, tokenFile } = value as Record<string, unknown>;
  const texts = [url, name, network, peerId].every((text) => typeof text === 'string');
  return (
    texts &&
    URL.canParse(String(url)) &&
    Number.isSafeInteger(pid) &&
    (tokenFile === null || typeof tokenFile === 'string')
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
