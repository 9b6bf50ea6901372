/** The node that is killed: a real process with its chain on disk, started again and again. */
import { doesNotMatch } from 'node:assert/strict';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Block, type NetworkSpec, readBlock, readChainFile } from '../../src/chain/index.js';
import { Directory } from '../../src/storage/directory.js';
import { layout } from '../../src/storage/layout.js';
import { type Finished, launch, NodeProcess } from '../helpers/node-process.js';
import type { Look } from './witness.js';

/** What a kill has left on disk. */
export interface Remains {
  /** An adoption was under way. */
  readonly adopting: boolean;
  /** A branch was being kept aside. */
  readonly branching: boolean;
}

export class Victim {
  readonly data: string;
  #node: NodeProcess | undefined;

  /** @param directory where all it has is kept, as its home */
  constructor(
    readonly directory: string,
    private readonly network: NetworkSpec,
  ) {
    this.data = join(directory, 'data');
  }

  get node(): NodeProcess {
    if (this.#node === undefined) throw new Error('the node does not run');
    return this.#node;
  }

  /** Starts it as its owner would: nothing is mended first. */
  async start(): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    const { name, difficulty } = this.network;
    const ledger = ['--network', name, '--difficulty', String(difficulty), '--data-dir', this.data];
    const local = ['--port', '0', '--no-mdns', '--listen', '/ip4/127.0.0.1/tcp/0', '--threads', '1'];
    this.#node = await NodeProcess.start([...ledger, ...local, '--log-level', 'warn'], this.directory);
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<Finished> {
    const finished = await this.node.end(signal);
    this.#node = undefined;
    doesNotMatch(finished.output, /^\s+at .+:\d+/m, 'the node has printed a stack trace');
    return finished;
  }

  /** Ends it, however it is; for when something is amiss. */
  async abandon(): Promise<void> {
    await this.#node?.end('SIGKILL');
  }

  async look(): Promise<Look> {
    const { peer_id } = await this.node.status();
    const pending = await this.node.get<{ id: string }[]>('/transactions/pending');
    return { peerId: peer_id, chain: await this.chain(), pending: pending.map(({ id }) => id) };
  }

  async chain(): Promise<Block[]> {
    const blocks: Block[] = [];
    for await (const block of readChainFile([await this.node.text('/chain')])) blocks.push(readBlock(block));
    return blocks;
  }

  /** Looks at a copy: what is there is left as the kill has left it. */
  async remains(): Promise<Remains> {
    const copy = join(this.directory, 'copy');
    await cp(join(this.data, 'chain'), copy, { recursive: true });
    const level = await new Directory(copy).open();
    const adopting = (await level.get(layout.adoption)) !== undefined;
    const [branch] = await level.keys({ ...layout.allBranches, limit: 1 }).all();
    await level.close();
    await rm(copy, { recursive: true });
    return { adopting, branching: branch !== undefined };
  }

  /** Runs `gossipchain export` and `gossipchain verify` on what it has kept; it must not run. */
  async verify(): Promise<string> {
    const file = join(this.directory, 'chain.json');
    const { name, difficulty } = this.network;
    const options = ['--difficulty', String(difficulty)];
    const run = (...args: string[]) => launch(args, this.directory).finished;
    const exported = await run('export', file, '--data-dir', this.data, '--network', name, ...options);
    const verified = exported.code === 0 ? await run('verify', file, ...options) : exported;
    if (verified.code !== 0) throw new Error(`the chain it has kept is not valid: ${verified.output}`);
    return verified.output;
  }
}
