/** Stores to test, on LevelDB and in memory, and a look at the raw database beneath them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AbstractChainedBatch } from 'abstract-level';
import { MemoryLevel } from 'memory-level';
import { expect } from 'vitest';
import type { Block, NetworkSpec, PendingTransaction, Transaction } from '../../src/chain/index.js';
import type { Backend, Change, Level } from '../../src/storage/database.js';
import { Directory } from '../../src/storage/directory.js';
import type { BlockStore } from '../../src/storage/index.js';
import { LevelBlockStore } from '../../src/storage/level-block-store.js';
import { PAGE_BLOCKS } from '../../src/storage/page.js';
import { pendingOf } from '../../src/storage/records.js';
import { checkChain, testNetwork } from '../helpers/chains.js';
import { checkPages, storedBlocks } from '../helpers/stored-chain.js';

export const NETWORK = testNetwork();
export const GENESIS = NETWORK.genesis;

/** Memory that is still there when it is opened again. */
export class KeptMemory implements Backend {
  readonly place = 'memory';
  readonly level = new MemoryLevel<string, Buffer>({ valueEncoding: 'buffer' });

  async open(): Promise<Level> {
    await this.level.open();
    return this.level;
  }

  async discard(): Promise<void> {}
}

/** Calls back before every batch, each of which must be synced. */
export class Watched implements Backend {
  readonly place: string;

  constructor(
    private readonly backend: Backend,
    private readonly beforeBatch: (changes: readonly Change[]) => Promise<void> | void,
  ) {
    this.place = backend.place;
  }

  async open(): Promise<Level> {
    const level = await this.backend.open();
    const batch = level.batch.bind(level) as () => AbstractChainedBatch<Level, string, Buffer>;
    const watched = () => {
      const chained = batch();
      const changes: Change[] = [];
      const write = async (options: object) => {
        // An unsynced write could be lost after it was answered.
        expect(options).toMatchObject({ sync: true });
        await this.beforeBatch(changes);
        await chained.write(options);
      };
      return {
        put(key: string, value: Buffer) {
          changes.push({ type: 'put', key, value });
          chained.put(key, value);
        },
        del(key: string) {
          changes.push({ type: 'del', key });
          chained.del(key);
        },
        write,
      };
    };
    Object.defineProperty(level, 'batch', { value: watched, configurable: true });
    return new Proxy(level, {
      get: (target, key) => {
        if (key === 'close') Object.defineProperty(level, 'batch', { value: batch });
        const value = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  discard(): Promise<void> {
    return this.backend.discard();
  }
}

/** Pages fill up in a short chain, too. */
export const FEW_BLOCKS = 5;

export class TestStore {
  store: BlockStore;

  private constructor(
    readonly backend: Backend,
    private readonly reopens: boolean,
    private readonly remove: () => Promise<void>,
  ) {
    this.store = new LevelBlockStore(backend, NETWORK, undefined, FEW_BLOCKS);
  }

  static async onDisk(reopens = false): Promise<TestStore> {
    const directory = await mkdtemp(join(tmpdir(), 'gossipchain-'));
    const backend = new Directory(join(directory, 'chain'));
    return await new TestStore(backend, reopens, () => rm(directory, { recursive: true })).open();
  }

  static async inMemory(): Promise<TestStore> {
    return await new TestStore(new KeptMemory(), false, async () => {}).open();
  }

  async open(): Promise<this> {
    await this.store.open();
    return this;
  }

  /** Between two steps of a test; closes the store and opens it again where that is what is tested. */
  async settle(): Promise<void> {
    if (this.reopens) await this.reopen();
  }

  async reopen(backend: Backend = this.backend): Promise<void> {
    await this.store.close();
    this.store = new LevelBlockStore(backend, NETWORK, undefined, FEW_BLOCKS);
    await this.store.open();
  }

  /** Closes the store, checks every key of the database, opens it again. */
  async audit(): Promise<Contents> {
    await this.store.close();
    const contents = await audit(this.backend, NETWORK, FEW_BLOCKS);
    this.store = new LevelBlockStore(this.backend, NETWORK, undefined, FEW_BLOCKS);
    await this.store.open();
    return contents;
  }

  async dispose(): Promise<void> {
    await this.store.close();
    await this.remove();
  }

  /** Adopts these blocks, which follow the block of index `fork`. */
  async adopt(fork: number, blocks: readonly Block[], at = 1_000) {
    const branch = await this.store.extendBranch(await this.store.beginBranch(fork), blocks);
    return await this.store.adopt(branch, at);
  }
}

/** Every implementation, and the states it may be in. */
export const STORES: readonly [string, () => Promise<TestStore>][] = [
  ['on LevelDB', () => TestStore.onDisk()],
  ['on LevelDB, reopened after every step', () => TestStore.onDisk(true)],
  ['in memory', () => TestStore.inMemory()],
];

export interface Contents {
  readonly blocks: Block[];
  /** Ids, first come first. */
  readonly pending: string[];
}

/** Reads a closed store's database whole: a valid chain, its exact indexes, pending transactions, and nothing else. */
export async function audit(
  backend: Backend,
  network: NetworkSpec = NETWORK,
  pageBlocks = PAGE_BLOCKS,
): Promise<Contents> {
  const level = await backend.open();
  try {
    const entries = new Map(await level.iterator().all());
    const values = (prefix: string) =>
      [...entries].filter(([key]) => key.startsWith(prefix)).map(([, value]) => value);
    const blocks = storedBlocks(entries);
    checkChain(blocks, network);

    checkPages(entries, blocks, pageBlocks);

    const others = [...entries.keys()].filter((key) => !/^(run|pending|replaced)\//.test(key));
    expect(others).toEqual(['meta/network', 'meta/version']);
    expect(values('replaced/').length).toBeLessThanOrEqual(100);

    const pending = values('pending/').map(pendingOf);
    pending.sort((a, b) => a.order - b.order);
    expect(new Set(pending.map(({ order }) => order)).size).toBe(pending.length);
    const ids = pending.map(({ transaction }) => transaction.id);
    const paid = new Set(blocks.flatMap(({ ids }) => ids));
    expect(ids.filter((id) => paid.has(id))).toEqual([]);
    expect([...entries.keys()].filter((key) => key.startsWith('pending/')).sort()).toEqual(
      ids.map((id) => `pending/${id}`).sort(),
    );
    return { blocks, pending: ids };
  } finally {
    await level.close();
  }
}

export function received(
  transaction: Transaction,
  receivedAt = 0,
  from: string | null = null,
): PendingTransaction {
  return { transaction, receivedAt, from };
}

export async function pendingIds(store: BlockStore): Promise<string[]> {
  return (await store.pending()).map(({ transaction }) => transaction.id);
}

export async function allBytes(store: BlockStore): Promise<string[]> {
  const snapshot = await store.snapshot();
  try {
    return await texts(snapshot.bytes(1, snapshot.head.length));
  } finally {
    await snapshot.close();
  }
}

export async function texts(bytes: AsyncIterable<Uint8Array>): Promise<string[]> {
  const blocks: string[] = [];
  for await (const block of bytes) blocks.push(Buffer.from(block).toString('latin1'));
  return blocks;
}

export function textsOf(blocks: readonly Block[]): string[] {
  return blocks.map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
}

export const hashes = (blocks: readonly Block[]) => blocks.map(({ hash }) => hash);
