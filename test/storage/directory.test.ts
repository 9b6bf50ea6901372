import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Block, GENESIS_INDEX, type NetworkSpec } from '../../src/chain/index.js';
import type { Level } from '../../src/storage/database.js';
import { Directory } from '../../src/storage/directory.js';
import { type BlockStore, durableStore, memoryStore, StorageError } from '../../src/storage/index.js';
import { layout } from '../../src/storage/layout.js';
import { LevelBlockStore } from '../../src/storage/level-block-store.js';
import { blockOf, pendingRecord } from '../../src/storage/records.js';
import { beforeRun, recordIn, runRecord } from '../../src/storage/run.js';
import { extend, nextBlock, payment, testNetwork } from '../helpers/chains.js';
import { audit, GENESIS, NETWORK, pendingIds, received } from './support.js';

let parent: string;
let path: string;
const open: BlockStore[] = [];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'gossipchain-'));
  path = join(parent, 'chain');
});
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
  await rm(parent, { recursive: true, force: true });
});

async function opened(network: NetworkSpec = NETWORK, directory = path): Promise<BlockStore> {
  const store = durableStore(directory, network);
  await store.open();
  open.push(store);
  return store;
}

/** What opening the directory fails with: one line that names it. */
async function refusal(network: NetworkSpec = NETWORK, directory = path): Promise<StorageError> {
  const store = durableStore(directory, network);
  const error = await store.open().then(
    () => expect.fail('it opened'),
    (error) => error,
  );
  expect(error).toBeInstanceOf(StorageError);
  expect(error.message).not.toContain('\n');
  expect(error.message).toContain(directory);
  expect(() => store.head).toThrow(StorageError);
  return error;
}

/** Makes a chain of ten blocks, then changes the raw database behind its back. */
async function tampered(change: (level: Level) => Promise<void>): Promise<void> {
  const store = await opened();
  for (const block of extend([GENESIS], 9).slice(1)) await store.append([block]);
  await store.close();
  await changed(change);
}

async function changed(change: (level: Level) => Promise<void>): Promise<void> {
  const level = await new Directory(path).open();
  await change(level);
  await level.close();
}

/** What LevelDB itself has to say. */
function levelOf(level: Level): ClassicLevel {
  return level as unknown as ClassicLevel;
}

/** Changes a bit near a record's end. */
async function spoil(level: Level, key: string): Promise<void> {
  const record = (await level.get(key))!;
  record[record.length - 2]! ^= 1;
  await level.put(key, record);
}

describe('a data directory', () => {
  it('is made, with all above it, and is still there at the next start', async () => {
    const deep = join(parent, 'a', 'b', 'chain');
    const store = await opened(NETWORK, deep);
    await store.append([nextBlock(GENESIS)]);
    await store.close();
    expect((await opened(NETWORK, deep)).head.length).toBe(2);
  });

  it('that another process uses is refused', async () => {
    const classicLevel = createRequire(import.meta.url).resolve('classic-level');
    const holder = spawn(
      process.execPath,
      [
        '-e',
        `const { ClassicLevel } = require(${JSON.stringify(classicLevel)});
         new ClassicLevel(process.argv[1]).open().then(() => console.log('open'));
         process.stdin.resume().on('end', () => process.exit());`,
        path,
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    try {
      await once(holder.stdout, 'data');
      const error = await refusal();
      expect(error.code).toBe('in-use');
      expect(error.message).toMatch(/in use by another process: stop .* or choose another --data-dir$/);
      expect(existsSync(path)).toBe(true);
    } finally {
      holder.stdin.end();
      await once(holder, 'exit');
    }
  });

  it('that another store of this process uses is refused, and stays usable by that', async () => {
    const store = await opened();
    expect((await refusal()).code).toBe('in-use');
    await store.append([nextBlock(GENESIS)]);
    await store.close();
    await audit(new Directory(path));
  });

  it('keeps no more in memory than it was told to', async () => {
    const tablesWith = async (bufferedBytes: number, directory: string) => {
      const level = await new Directory(directory, bufferedBytes).open();
      for (let i = 0; i < 300; i++) await level.put(String(i), Buffer.alloc(1 << 10, i));
      const names = () => readdir(directory).then((all) => all.filter((name) => name.endsWith('.ldb')));
      return { level, names };
    };
    const sparing = await tablesWith(64 << 10, path);
    const roomy = await tablesWith(2 << 20, join(parent, 'roomy'));
    await expect.poll(sparing.names).not.toEqual([]);
    expect(await roomy.names()).toEqual([]);
    await sparing.level.close();
    await roomy.level.close();
  });

  it('has what it was given of a long chain in tables that are written once', async () => {
    const directory = new Directory(path, 64 << 10);
    let level: Level | undefined;
    const open = async () => (level = await directory.open());
    const store = new LevelBlockStore(
      { place: path, open, discard: async () => {} },
      NETWORK,
      undefined,
      500,
    );
    await store.open();
    const chain = extend([GENESIS], 4_000);
    for (let at = 1; at < chain.length; at += 100) await store.append(chain.slice(at, at + 100));
    const filesAt = (depth: number) =>
      Number(levelOf(level!).getProperty(`leveldb.num-files-at-level${depth}`));
    await expect.poll(() => filesAt(0)).toBe(0);
    // LevelDB puts a table there at once if it overlaps no other. In the level above it would wait to be merged with others.
    expect([filesAt(1), filesAt(2) > 10, filesAt(3)]).toEqual([0, true, 0]);
    await store.close();
  });

  it('of another network is refused, and left as it is', async () => {
    await (await opened()).close();
    const others = [
      testNetwork({ difficulty: 2 }),
      testNetwork({ name: 'class "B"' }),
      testNetwork({ genesis: new Block({ ...GENESIS.toJSON(), timestamp: 1 }) }),
    ];
    for (const other of others) {
      const error = await refusal(other);
      expect(error.code).toBe('other-network');
      for (const { name, difficulty, genesis } of [NETWORK, other])
        expect(error.message).toContain(
          `${JSON.stringify(name)} (difficulty ${difficulty}, genesis ${genesis.hash.slice(0, 16)}…)`,
        );
      expect(error.message).toMatch(
        /choose another --data-dir, or the --network, --difficulty and --genesis/,
      );
    }
    expect((await opened()).head.length).toBe(1);
  });

  it('of an unknown format is refused', async () => {
    await tampered((level) => level.put(layout.version, Buffer.from('1')));
    const error = await refusal();
    expect(error.code).toBe('unknown-format');
    expect(error.message).toContain('format 1; this version reads the format 4');
  });

  it('with the database of some other program is refused, and left as it is', async () => {
    const level = new ClassicLevel(path);
    await level.put('name', 'value');
    await level.close();
    expect((await refusal()).code).toBe('unknown-format');
    await level.open();
    expect(await level.iterator().all()).toEqual([['name', 'value']]);
    await level.close();
  });

  it('whose first start was cut off before anything was written is a new one', async () => {
    const level = new ClassicLevel(path);
    await level.open();
    await level.close();
    expect((await opened()).head.length).toBe(1);
  });

  it.each<[string, (level: Level) => Promise<void>]>([
    ['without its network', (level) => level.del(layout.network)],
    ['without a block', (level) => level.clear(layout.allRuns)],
    ['whose last block cannot be read back', (level) => spoil(level, layout.run(10))],
    [
      'whose last block is not of its index',
      async (level) => level.put(layout.run(11), (await level.get(layout.run(10)))!),
    ],
    [
      'without a page that its last run names',
      async (level) => {
        const run = { first: 10, record: (await level.get(layout.run(10)))! };
        const last = blockOf(recordIn(run, 10)!);
        await level.put(layout.run(10), runRecord([last], { ...beforeRun(run), paged: 9 }));
      },
    ],
    ['with an unreadable pending transaction', (level) => level.put(layout.pending('00'), Buffer.from('[]'))],
    ['with an unreadable journal', (level) => level.put(layout.adoption, Buffer.from('nonsense'))],
  ])('%s is damaged', async (_, change) => {
    await tampered(change);
    const error = await refusal();
    expect(error.code).toBe('damaged');
    expect(error.message).toMatch(/move it away and start again/);
  });

  it('whose database files are damaged is refused', async () => {
    for (const current of ['nonsense', 'MANIFEST-999999\n']) {
      await (await opened()).close();
      const good = await readFile(join(path, 'CURRENT'));
      await writeFile(join(path, 'CURRENT'), current);
      expect((await refusal()).code).toBe('damaged');
      await writeFile(join(path, 'CURRENT'), good);
    }
    expect((await readdir(path)).filter((name) => name.startsWith('probe'))).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'that has no room for a table of what its log holds is not damaged, and whole once there is room',
    async () => {
      const store = await opened();
      await store.append([nextBlock(GENESIS)]);
      await store.close();
      for (let number = 1; number < 20; number++)
        await symlink('/dev/full', join(path, `${String(number).padStart(6, '0')}.ldb`));
      const error = await refusal();
      expect(error.code).toBe('not-writable');
      expect(error.message).toMatch(/No space left on device\): make room on its disk and start again, or /);
      // LevelDB has removed what it could not write: the next time there is room.
      expect((await opened()).head.length).toBe(2);
    },
  );

  it('says which block is missing or unreadable when it is read', async () => {
    await tampered(async (level) => {
      await level.del(layout.run(4));
      await level.put(layout.run(5), Buffer.alloc(50));
    });
    const store = await opened();
    await expect(store.blockAt(4)).rejects.toMatchObject({ code: 'damaged' });
    await expect(store.blockAt(5)).rejects.toMatchObject({ code: 'damaged' });
    const snapshot = await store.snapshot();
    const read = async () => {
      for await (const _ of snapshot.bytes(1, 10));
    };
    await expect(read()).rejects.toMatchObject({ code: 'damaged' });
    await snapshot.close();
  });

  it.each(['Too many open files', 'Cannot allocate memory', 'Permission denied'])(
    'of whose files one cannot be opened (%s) is not said to be damaged, and is read again later',
    async (reason) => {
      let refused = false;
      class Refused extends Directory {
        override async open(): Promise<Level> {
          const level = await super.open();
          const refuse = () =>
            Promise.reject(
              Object.assign(new Error(`IO error: 000005.ldb: ${reason}`), { code: 'LEVEL_IO_ERROR' }),
            );
          const [begin, get] = [level.iterator.bind(level), level.get.bind(level)] as [
            () => unknown,
            () => unknown,
          ];
          level.get = ((...args: []) => (refused ? refuse() : get(...args))) as Level['get'];
          level.iterator = ((...args: []) =>
            Object.assign(
              begin(...args) as object,
              refused && { nextv: refuse },
            )) as unknown as Level['iterator'];
          return level;
        }
      }
      await tampered(async () => {});
      const told: string[] = [];
      const store = new LevelBlockStore(new Refused(path), NETWORK, ({ code }) => told.push(code));
      refused = true;
      await expect(store.open()).rejects.toMatchObject({ code: 'not-openable' });
      refused = false;
      await store.open();
      open.push(store);
      refused = true;
      await expect(store.blockAt(4)).rejects.toMatchObject({
        code: 'not-openable',
        message: expect.stringMatching(/^cannot read .*: \S/),
      });
      expect([told, store.trouble]).toEqual([[], undefined]);
      refused = false;
      expect((await store.blockAt(4))?.index).toBe(4);
    },
  );

  it('of whose blocks one cannot be read back still shows the others', async () => {
    await tampered((level) => spoil(level, layout.run(9)));
    const store = await opened();
    expect(store.head.length).toBe(10);
    expect((await store.blockAt(8))?.index).toBe(8);
    // What it pays is not known: that is told, though nobody has asked for it yet.
    expect(store.trouble?.message).toMatch(/block 9 is not what was stored/);
    await expect(store.blockAt(9)).rejects.toMatchObject({ code: 'damaged' });
  });

  it('has no payment pending that is in its chain, though LevelDB may bring back what was deleted', async () => {
    const [waits, paid] = [payment(), payment()];
    const before = await opened();
    await before.append([nextBlock(GENESIS, { transactions: [paid] })]);
    await before.close();
    await changed(async (level) => {
      for (const [order, transaction] of [paid, waits].entries())
        await level.put(layout.pending(transaction.id), pendingRecord({ ...received(transaction), order }));
    });
    const store = await opened();
    expect(await pendingIds(store)).toEqual([waits.id]);
    await store.close();
    const level = await new Directory(path).open();
    expect(await level.keys(layout.allPending).all()).toEqual([layout.pending(waits.id)]);
    await level.close();
  });

  it('that cannot be made is refused, and nothing is left behind', async () => {
    await writeFile(path, 'a file');
    expect((await refusal()).code).toBe('not-writable');
    expect((await refusal(NETWORK, join(path, 'below', 'it'))).code).toBe('not-writable');
    expect(await readFile(path, 'utf8')).toBe('a file');
    expect(await readdir(parent)).toEqual(['chain']);
  });

  it.runIf(process.platform === 'linux')('that the system does not let anybody make is refused', async () => {
    expect((await refusal(NETWORK, '/proc/gossipchain/chain')).code).toBe('not-writable');
  });

  it('that fails at its first write is gone again, what others put beside it is not', async () => {
    class Full extends Directory {
      override async open(): Promise<Level> {
        const level = await super.open();
        level.batch = (() => {
          throw new Error('no space left');
        }) as unknown as Level['batch'];
        return level;
      }
    }
    const deep = join(parent, 'a', 'b', 'chain');
    const failing = () => new LevelBlockStore(new Full(deep), NETWORK).open();
    await expect(failing()).rejects.toMatchObject({
      code: 'not-writable',
      message: expect.stringContaining(deep),
    });
    expect(await readdir(parent)).toEqual([]);
    await mkdir(join(parent, 'a'));
    await writeFile(join(parent, 'a', 'key'), 'mine');
    await expect(failing()).rejects.toMatchObject({ code: 'not-writable' });
    expect(await readdir(join(parent, 'a'))).toEqual(['key']);
  });

  it('that was found damaged still tells when it cannot be written to, and each of them once', async () => {
    let full = false;
    class Filling extends Directory {
      override async open(): Promise<Level> {
        const level = await super.open();
        const batch = level.batch.bind(level) as () => ReturnType<Level['batch']>;
        level.batch = (() => {
          if (full) throw new Error('no space left');
          return batch();
        }) as unknown as Level['batch'];
        return level;
      }
    }
    const backend = new Filling(path);
    const told: string[] = [];
    const store = new LevelBlockStore(backend, NETWORK, ({ code }) => told.push(code));
    await store.open();
    const chain = extend([GENESIS], 3);
    await store.append(chain.slice(1));
    await store.close();
    const level = await new Directory(path).open();
    await level.del(layout.run(GENESIS_INDEX));
    await level.close();
    await store.open();
    open.push(store);
    for (let i = 0; i < 2; i++)
      await expect(store.blockAt(GENESIS_INDEX)).rejects.toMatchObject({ code: 'damaged' });
    expect(store.trouble?.code).toBe('damaged');
    full = true;
    for (let i = 0; i < 2; i++)
      await expect(store.append([nextBlock(chain.at(-1)!)])).rejects.toMatchObject({ code: 'not-writable' });
    expect(told).toEqual(['damaged', 'not-writable']);
    expect(store.trouble?.code).toBe('not-writable');
  });

  it('with a chain in it is never removed, however its opening fails', async () => {
    let full = false;
    class Filling extends Directory {
      override async open(): Promise<Level> {
        const level = await super.open();
        if (full)
          level.clear = (() => Promise.reject(new Error('no space left'))) as unknown as Level['clear'];
        return level;
      }
    }
    const backend = new Filling(path);
    const store = new LevelBlockStore(backend, NETWORK);
    await store.open();
    await store.append([nextBlock(GENESIS)]);
    await store.close();
    full = true;
    await expect(store.open()).rejects.toMatchObject({ code: 'not-writable' });
    expect((await opened()).head.length).toBe(2);
  });
});

it('a store in memory is new each time', async () => {
  const store = memoryStore(NETWORK);
  await store.open();
  await store.append([nextBlock(GENESIS)]);
  await store.close();
  await store.open();
  expect(store.head.length).toBe(1);
  await store.close();
});
