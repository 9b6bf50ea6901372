/** `start`, once its options are read: a node with its control API, until it is told to stop. */
import '../network/with-resolvers.js';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { networkId } from '../chain/index.js';
import { type Binding, bindControl, Libp2pMetrics, serveControl } from '../control/index.js';
import type { Logger } from '../log.js';
import { createNode, type Node, readInvitation } from '../node/index.js';
import { VERSION } from '../version.js';
import { CliError, errorLine, systemReason } from './errors.js';
import { logEvents } from './event-log.js';
import { plural, printable } from './format.js';
import { markRun } from './has-run.js';
import { Heap } from './heap.js';
import { networkOf } from './ledger-options.js';
import type { LogLevel } from './log-level.js';
import { nodeLog } from './node-log.js';
import { Optimiser } from './optimiser.js';
import { note, write } from './output.js';
import { DEFAULT_PORT, dataDirectoryFor, runningDirectory } from './paths.js';
import { RunningNodes } from './running-nodes.js';
import { stopSignal } from './stop-signals.js';
import { showSyncs } from './sync-progress.js';
import { facts } from './table.js';
import { givenToken, readOrMakeToken, type Token, type TokenOptions } from './token.js';

export interface StartOptions extends TokenOptions {
  readonly port?: number;
  readonly host?: string;
  readonly allowHost?: readonly string[];
  readonly listen?: readonly string[];
  readonly peer?: readonly string[];
  readonly mdns: boolean;
  readonly name?: string;
  readonly network?: string;
  readonly difficulty?: number;
  readonly genesis?: string;
  /** The code of an invitation. */
  readonly join?: string;
  readonly dataDir?: string;
  readonly ephemeral?: true;
  /** Mean seconds between blocks; `true` where none was said. */
  readonly mine?: number | true;
  readonly threads?: number;
  readonly manual?: true;
  readonly logLevel: LogLevel;
}

/** The mean of the waiting times of `--mine`, in seconds. */
const MINE_EVERY_SECONDS = 10;
/** What has not stopped by then, in ms, is left to the end of the process: nothing on disk needs it. */
const STOP_MS = 1700;

/** A running node, as its owner is told of it. */
interface Started {
  readonly node: Node;
  readonly binding: Binding;
  /** Undefined where nothing is kept. */
  readonly directory: string | undefined;
  readonly token: (Token & { readonly isNew: boolean }) | undefined;
}

/**
 * Runs a node until SIGINT or SIGTERM: what can be wrong with the options is found first, and the network, then the port is
 * bound, then the data directory opened. Where one of these fails, nothing is left behind.
 *
 * @throws CliError and the typed errors of the parts, each with one line for the person
 */
export async function runNode(options: StartOptions): Promise<void> {
  const optimiser = new Optimiser();
  const heap = new Heap();
  const stopAsked = stopSignal();
  const log = nodeLog(options.logLevel, process.stderr);
  const undo: (() => unknown)[] = [];
  const stop = async () => {
    while (undo.length > 0) await undo.pop()?.();
  };
  try {
    // Whoever ends it while it starts (by an invitation, or with a first block typed in) need not wait for that.
    const started = await Promise.race([start(options, log, undo), stopAsked]);
    if (typeof started === 'object') {
      await write(introduction(started));
      markRun();
    }
  } catch (error) {
    log.debug({ stack: error instanceof Error ? error.stack : String(error) }, 'start-failed');
    await stop().catch((second) => note(errorLine(second)));
    throw error;
  }
  log.info({ signal: await stopAsked }, 'stopping');
  await Promise.race([stop(), delay(STOP_MS).then(() => log.warn({ ms: STOP_MS }, 'stop-unfinished'))]);
  heap.release();
  optimiser.release();
  process.exit(0);
}

/** @param undo takes what undoes each step, in the order of the steps */
async function start(options: StartOptions, log: Logger, undo: (() => unknown)[]): Promise<Started> {
  const given = givenToken(options);
  const network =
    options.join === undefined ? await networkOf(options) : readInvitation(options.join).network;
  const { host, port = DEFAULT_PORT } = options;
  const binding = await bindControl({ host, port, exact: options.port !== undefined });
  undo.push(() => binding.close());

  const directory = options.ephemeral
    ? undefined
    : (options.dataDir ?? (await dataDirectoryFor(networkId(network), binding.port)));
  if (directory === undefined && given === undefined && !binding.loopbackOnly) {
    throw new CliError(
      'usage',
      'with --ephemeral there is nowhere to keep a token: give one by --token or --token-file',
    );
  }
  const libp2p = new Libp2pMetrics();
  const node = createNode({
    dataDir: directory,
    network,
    join: options.join,
    name: options.name ?? defaultName(binding.port),
    listen: options.listen,
    peers: options.peer,
    mdns: options.mdns,
    threads: options.threads,
    mineEverySeconds: options.mine === true ? MINE_EVERY_SECONDS : options.mine,
    manual: options.manual,
    libp2pMetrics: libp2p.make,
    log,
  });
  logEvents(node, log);
  undo.push(() => node.stop());
  await node.start();
  undo.push(showSyncs(node));
  const token = await tokenFor(binding, given, directory);
  const allowHosts = options.allowHost ?? [];
  const control = await serveControl(node, binding, { allowHosts, token: token?.token, libp2p, log });
  undo.push(() => control.stop());
  const started: Started = { node, binding, directory, token };
  undo.push(await record(started, log));
  return started;
}

/** The host's name; with the port, where it is not the usual one, since several nodes may run on one host. */
function defaultName(port: number): string {
  return port === DEFAULT_PORT ? hostname() : `${hostname()}:${port}`;
}

/** Whoever is not on this machine must show a token. */
async function tokenFor(
  binding: Binding,
  given: Token | undefined,
  directory: string | undefined,
): Promise<Started['token']> {
  if (given !== undefined) return { ...given, isNew: false };
  if (binding.loopbackOnly || directory === undefined) return undefined;
  return await readOrMakeToken(resolve(directory, 'control-token'));
}

/** Lets this user's commands find the node; without, they need --port. */
async function record({ node, binding, token }: Started, log: Logger): Promise<() => void> {
  const running = {
    pid: process.pid,
    url: new URL(binding.urls[0] as string).href,
    name: node.name,
    network: node.network.name,
    peerId: node.peerId,
    tokenFile: token?.file ?? null,
  };
  const directory = await runningDirectory();
  try {
    const remove = new RunningNodes(directory).add(binding.port, running);
    process.once('exit', remove);
    return remove;
  } catch (error) {
    const tokenFile = running.tokenFile === null ? '' : ` --token-file ${running.tokenFile}`;
    const without = `other commands find this node by --url ${running.url}${tokenFile} only`;
    log.warn({ directory, reason: systemReason(error), so: without }, 'not-recorded');
    return () => {};
  }
}

/** What a person needs to know of a node that has started. */
function introduction({ node, binding, directory, token }: Started): string {
  const { network, networkId: id, addresses } = node.status();
  const entries: [string, string][] = [
    ['network', `${printable(network.name)} (${id}), difficulty ${network.difficulty}`],
    ['data directory', directory ?? 'none: all is gone when the node stops'],
    ...labelled('control', binding.urls),
    ...labelled('peers reach it at', addresses),
  ];
  if (token?.isNew) entries.push(['token', token.token]);
  if (token?.file !== undefined) entries.push(['token file', token.file]);
  const chain = plural(node.status().head.length, 'block');
  const title = `gossipchain ${VERSION}: the node ${printable(node.name)} runs, its chain has ${chain}`;
  const hint = `Open ${binding.urls[0]} in a browser to see it. Ctrl-C stops it.`;
  return `${title}\n${indented(facts(entries, process.stdout.isTTY === true))}\n${hint}\n`;
}

function labelled(label: string, values: readonly string[]): [string, string][] {
  return values.map((value, at) => [at === 0 ? label : '', value]);
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}
