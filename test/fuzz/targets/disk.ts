/** What a node finds on its disk, whatever has become of it there. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairFromSeed, privateKeyToProtobuf } from '@libp2p/crypto/keys';
import fc from 'fast-check';
import { MemoryLevel } from 'memory-level';
import { IdentityError } from '../../../src/network/errors.js';
import { loadOrCreateKey } from '../../../src/network/identity.js';
import { CHECKSUM_BYTES, seal } from '../../../src/storage/checksum.js';
import type { Backend, Level } from '../../../src/storage/database.js';
import { StorageError } from '../../../src/storage/index.js';
import { layout } from '../../../src/storage/layout.js';
import { LevelBlockStore } from '../../../src/storage/level-block-store.js';
import { chainOf, extend, payment, seededNonce, testNetwork } from '../../helpers/chains.js';
import { readerOf, type Target } from '../target.js';

const NETWORK = testNetwork();
/** So few that a short chain has some pages. */
const PAGE_BLOCKS = 2;

/** A database in memory, as it is and stays. */
class Prepared implements Backend {
  readonly place = 'memory';
  constructor(private readonly level: Level) {}
  open = async () => this.level;
  discard = async () => {};
}

async function newLevel(): Promise<Level> {
  const level = new MemoryLevel<string, Buffer>({ valueEncoding: 'buffer' });
  await level.open();
  return level;
}

function storeOn(level: Level): LevelBlockStore {
  return new LevelBlockStore(new Prepared(level), NETWORK, () => {}, PAGE_BLOCKS);
}

type Records = readonly (readonly [key: string, value: Buffer])[];

/** The records of a store that has lived: blocks, payments, replaced blocks, an adoption that was cut off. */
async function healthyRecords(): Promise<Records> {
  const level = await newLevel();
  const store = storeOn(level);
  await store.open();
  const chain = chainOf(NETWORK, 3, { transactions: [] });
  const paying = (seed: number) => payment('alice', 'bob', seed, seededNonce(seed));
  const other = extend(chain.slice(0, 2), 2, { miner: 'other' });
  const third = extend(other.slice(0, 3), 2, { miner: 'third', transactions: [] });
  await store.append(chain.slice(1));
  await store.addPending([1, 2].map((seed) => ({ transaction: paying(seed), receivedAt: seed, from: null })));
  const first = await store.extendBranch(await store.beginBranch(2), other.slice(2));
  await store.adopt(first, 3);
  const branch = await store.extendBranch(await store.beginBranch(3), third.slice(3));
  const { length, hash, proof } = store.head;
  const journal = {
    branch: branch.id,
    fork: 3,
    from: { length, hash, proof },
    to: branch.head,
    at: 4,
    replaced: 1,
    step: 'out',
    next: 4,
  };
  await level.put(layout.adoption, Buffer.from(JSON.stringify(journal)));
  return await level.iterator().all();
}

/** A key, and what stands there: `meta/network\n{…}`. */
function recordText([key, value]: readonly [string, Buffer]): Buffer {
  return Buffer.concat([Buffer.from(`${key}\n`), value]);
}

const RECORDS = await healthyRecords();
const RUNS_AND_PAGES = RECORDS.filter(([key]) => key.startsWith('run/'));

export const storeTarget = targetOf('stored-record', RECORDS, (value) => value);

/** As the one above, with a checksum that is right: of what stands behind it is read what else is refused unread. */
export const sealedTarget = targetOf('sealed-record', RUNS_AND_PAGES, (value) =>
  value.length < CHECKSUM_BYTES ? value : seal(value),
);

/**
 * One record of a store is what is read, beside others that are sound.
 *
 * @param kept what is stored for what was read
 */
function targetOf(name: string, valid: Records, kept: (value: Buffer) => Buffer): Target {
  return {
    name,
    valid: fc.constantFrom(...valid).map(recordText),
    open: () =>
      readerOf([StorageError], async (input) => {
        const at = input.indexOf(0x0a);
        const key = Buffer.from(input.subarray(0, Math.max(0, at))).toString();
        const level = await newLevel();
        const batch = level.batch();
        for (const [healthy, value] of RECORDS) batch.put(healthy, value);
        if (key !== '') batch.put(key, kept(Buffer.from(input.subarray(at + 1))));
        await batch.write();
        await readAll(storeOn(level));
        return undefined;
      }),
  };
}

/** Opens a store and reads all that is in it. */
async function readAll(store: LevelBlockStore): Promise<void> {
  await store.open();
  try {
    for (let index = 1; index <= Math.min(store.head.length, 10); index++) {
      const block = await store.blockAt(index);
      await store.indexOf(block?.hash ?? '');
      await store.locate((block?.transactions ?? []).map(({ id }) => id));
    }
    await store.pending();
    await store.replaced();
  } finally {
    await store.close();
  }
}

export const keyTarget: Target = {
  name: 'key-file',
  valid: fc.constant(
    privateKeyToProtobuf(await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(7))),
  ),
  open: () => {
    const directory = mkdtempSync(join(tmpdir(), 'gossipchain-fuzz-'));
    const { read } = readerOf([IdentityError], async (input) => {
      writeFileSync(join(directory, 'key'), input);
      return privateKeyToProtobuf(await loadOrCreateKey(directory));
    });
    return { read, close: async () => rmSync(directory, { recursive: true, force: true }) };
  },
};
