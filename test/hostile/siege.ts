/** Honest nodes under attack: what they promise while it lasts, and afterwards. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import type { Bound } from '../../src/bounds.js';
import { createNetwork, type NetworkSpec, networkId } from '../../src/chain/index.js';
import { RunningNode, untilAgreed, untilStatus } from '../e2e/running-node.js';
import { percentile } from '../helpers/percentile.js';

/** How long each attack lasts, in seconds: short in CI, as long as wished elsewhere... */
export const SECONDS = Number(process.env.HOSTILE_SECONDS ?? 1);
/** ...and up to so many more, until there are answers enough to judge by. */
const MORE_SECONDS = 8;

/** The network under siege: proofs are cheap, for the honest as for the hostile. */
export const NETWORK: NetworkSpec = createNetwork({ name: 'siege', difficulty: 1 });
export const NETWORK_ID = networkId(NETWORK);

const MiB = 1 << 20;
/** More resident memory than at rest. */
const MAX_GROWTH_MIB = 256;
/** What `/status` may take, in ms, without the time for which others had the processor: machines that run tests are busy. */
const MAX_STATUS_MS = 250;
/** How long honest nodes may take to agree on a block while they are attacked, in ms. */
const AGREE_MS = 15_000;

/** What an attack is told of. */
export interface Target {
  /** Where the first node can be dialled, and who it is. */
  readonly address: string;
  readonly host: string;
  readonly port: number;
  /** Whether the attack is to go on. */
  goesOn(): boolean;
  /** The chain's blocks as the first node has them. */
  readonly node: RunningNode;
}

/** How often the one attacked has run into a limit, as `/metrics` has it. */
export async function hitsOf(bound: Bound, { node }: Target): Promise<number> {
  const text = await (await fetch(`${node.url}/metrics`)).text();
  return Number(new RegExp(`bounds_hit_total\\{bound="${bound}"\\} (\\d+)`).exec(text)?.[1]);
}

/** What is seen of an attack by the one attacked. */
export interface Aftermath {
  readonly nodes: RunningNode[];
  /** Everything the first node wrote to its log. */
  readonly log: string;
  /** The log's lines with this peer id. */
  linesAbout(peerId: string): string[];
}

/** Starts two honest nodes that are connected, and keep what they have on disk, as nodes do. */
async function garrison(): Promise<[RunningNode, RunningNode]> {
  const args = [
    ...['--network', NETWORK.name, '--difficulty', String(NETWORK.difficulty)],
    ...['--port', '0', '--no-mdns', '--listen', '/ip4/127.0.0.1/tcp/0'],
  ];
  const nodes = await Promise.all([RunningNode.start(args), RunningNode.start(args)]);
  const [first, second] = nodes;
  await second.post('/nodes/register', { nodes: (await first.status()).addresses });
  await untilStatus(first, ({ peers }) => peers === 1);
  await first.mine();
  await untilAgreed(nodes, 2);
  return nodes;
}

/** How long a forger goes on at most, in ms, if nobody hangs up on it. */
export const PATIENCE_MS = 10_000;

export function after(ms: number): () => boolean {
  const ends = Date.now() + ms;
  return () => Date.now() > ends;
}

/**
 * Attacks the first of two honest nodes, and holds them to what they promise:
 * they agree on what each of them mines, answer `/status`, and keep their memory, during the attack and after it.
 */
export async function survive(
  attack: (target: Target, nodes: [RunningNode, RunningNode]) => Promise<void>,
): Promise<Aftermath> {
  const nodes = await garrison();
  const [first] = nodes;
  const [address] = (await first.status()).addresses;
  const idle = await Promise.all(nodes.map((node) => node.memory()));
  const [, host, port] = /\/ip4\/([^/]+)\/tcp\/(\d+)/.exec(address as string) as unknown as [
    string,
    string,
    string,
  ];
  const watching = await watch(nodes);
  try {
    // The time runs from when the attack first asks: it may take a while to set up.
    let ends: number | undefined;
    const goesOn = () => {
      ends ??= Date.now() + SECONDS * 1000;
      return Date.now() < ends + (watching.hasEnough() ? 0 : MORE_SECONDS * 1000);
    };
    const target = { address: address as string, host, port: Number(port), goesOn, node: first };
    let isOver = false;
    const attacking = attack(target, nodes).finally(() => {
      isOver = true;
    });
    await Promise.all([attacking, keepMining(nodes, () => !isOver)]);
    await agree(nodes);
  } finally {
    watching.end();
  }
  report(await watching.seen, idle);
  return {
    nodes,
    log: first.output,
    linesAbout: (peerId) => first.output.split('\n').filter((line) => line.includes(peerId)),
  };
}

/** Each in turn mines, and all follow. */
async function keepMining(nodes: RunningNode[], goesOn: () => boolean): Promise<void> {
  for (let turn = 0; turn === 0 || goesOn(); turn++) {
    await (nodes[turn % nodes.length] as RunningNode).mine();
    await agree(nodes);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/**
 * What the longest of their chains has now, all have, in the same place. Whose it is does not matter, nor that it grows on
 * meanwhile: an attacker may extend the chain as anybody may.
 */
async function agree(nodes: RunningNode[]): Promise<void> {
  const lengths = await Promise.all(nodes.map(async (node) => (await node.status()).length));
  const length = Math.max(...lengths);
  const blocks = async () => new Set(await Promise.all(nodes.map((node) => hashAt(node, length))));
  await expect.poll(async () => (await blocks()).size, { timeout: AGREE_MS, interval: 20 }).toBe(1);
}

/** @returns what is its own where it has no such block */
async function hashAt(node: RunningNode, index: number): Promise<string> {
  const answer = await fetch(`${node.url}/blocks/${index}`);
  return answer.ok ? ((await answer.json()) as { hash: string }).hash : `none on ${node.url}`;
}

/** What was seen of a node. */
interface Seen {
  /** How long each answer took, in ms, but for the time for which another program had the processor... */
  readonly times: number[];
  /** ...which is here. */
  readonly waits: number[];
  readonly peak: number;
  readonly failures: number;
}

/** Begins to watch; resolves when all of them are watched. */
async function watch(
  nodes: RunningNode[],
): Promise<{ hasEnough(): boolean; end(): void; seen: Promise<Seen[]> }> {
  const args = [String(MAX_STATUS_MS), ...nodes.flatMap((node) => [node.url, String(node.pid)])];
  const child = spawn(process.execPath, [resolve('test/hostile/watcher.js'), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  await lines.next();
  let enough = false;
  const seen = async (): Promise<Seen[]> => {
    const line = (await lines.next()).value ?? '';
    if (line !== 'enough') return JSON.parse(line) as Seen[];
    enough = true;
    return seen();
  };
  return { hasEnough: () => enough, end: () => child.stdin.end(), seen: seen() };
}

function report(seen: Seen[], idle: number[]): void {
  for (const [i, { times, waits, peak, failures }] of seen.entries()) {
    const p99 = percentile(times, 0.99);
    const grown = (peak - (idle[i] as number)) / MiB;
    console.log(
      `node ${i + 1}: status p99 ${p99.toFixed(0)} ms of ${times.length}, ` +
        `and up to ${Math.max(...waits).toFixed(0)} ms for others on this machine; memory grew by ${grown.toFixed(0)} MiB`,
    );
    expect(failures).toBe(0);
    expect(p99).toBeLessThan(MAX_STATUS_MS);
    expect(grown).toBeLessThan(MAX_GROWTH_MIB);
  }
}
