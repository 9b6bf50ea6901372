/** Which node a command speaks to. */
import { ControlClient } from './client.js';
import { CliError } from './errors.js';
import { printable } from './format.js';
import { runningDirectory } from './paths.js';
import { type Health, type RunningNode, RunningNodes } from './running-nodes.js';
import { givenToken, recordedToken, type TokenOptions } from './token.js';

/** What all commands that speak to a node understand. */
export interface ClientOptions extends TokenOptions {
  readonly port?: number;
  readonly url?: URL;
  readonly json?: true;
}

const HEALTH_MS = 1000;

/**
 * The node that was named, or the only running one of this user.
 *
 * @throws CliError `several-nodes`, `no-node`, `no-home`
 */
export async function clientFor(options: ClientOptions): Promise<ControlClient> {
  const client = await clientIfAny(options);
  if (client !== undefined) return client;
  if ((await runningDirectory()) === undefined)
    throw new CliError(
      'no-home',
      'this user has no home directory, where running nodes are recorded: set HOME, or name a node by --port or --url',
    );
  throw new CliError(
    'no-node',
    'no node of this user runs: start one with "gossipchain start", or name another by --port or --url',
  );
}

/** The same; undefined where none was named and none of this user runs. @throws CliError `several-nodes` */
export async function clientIfAny(options: ClientOptions): Promise<ControlClient | undefined> {
  const target = await choose(options, new RunningNodes(await runningDirectory()), askHealth);
  return (
    target && new ControlClient(target.url, givenToken(options) ?? recordedToken(target.node?.tokenFile))
  );
}

interface Target {
  readonly url: URL;
  readonly node?: RunningNode | undefined;
}

/** Without its token file; exported for its test. */
export async function choose(
  { port, url }: ClientOptions,
  running: RunningNodes,
  health: (url: string) => Promise<Health>,
): Promise<Target | undefined> {
  if (url !== undefined) {
    const node = running.at(url);
    // A token goes to no other address than the one that it is recorded for.
    return { url: node === undefined ? url : new URL(node.url), node };
  }
  if (port !== undefined) return on(port, running);
  const nodes = await running.list(health);
  const [only] = nodes;
  // Whoever else answers at the usual port is not this user's to drive.
  if (only === undefined) return undefined;
  if (nodes.length === 1) return { url: new URL(only.url), node: only };
  throw severalNodes(nodes, 'several nodes are running: choose one by --port or --url');
}

/** One that is bound to another address than loopback is found by its record. */
function on(port: number, running: RunningNodes): Target {
  const nodes = running.onPort(port);
  if (nodes.length > 1) throw severalNodes(nodes, `several nodes have the port ${port}: choose one by --url`);
  const [node] = nodes;
  return { url: node === undefined ? loopback(port) : new URL(node.url), node };
}

function severalNodes(nodes: readonly RunningNode[], what: string): CliError {
  const list = nodes.map(({ url, name, network }) => `${url} (${printable(name)}, ${printable(network)})`);
  return new CliError('several-nodes', `${what}: ${list.join(', ')}`);
}

function loopback(port: number): URL {
  return new URL(`http://127.0.0.1:${port}/`);
}

async function askHealth(url: string): Promise<Health> {
  try {
    const { value } = await new ControlClient(new URL(url)).health(HEALTH_MS);
    return { peerId: value.peer_id };
  } catch (error) {
    const { cause } = error as Error;
    return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED' ? 'refused' : 'unknown';
  }
}
