/**
 * Where a node keeps what outlives it: `chain/` (blocks and pending transactions), `peers/` (whom it met), `key`
 * (its identity), `tcp-port` (where it listened).
 */
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PrivateKey } from '@libp2p/interface';
import { LevelDatastore } from 'datastore-level';
import type { NetworkSpec } from '../chain/index.js';
import type { Logger } from '../log.js';
import {
  ephemeralKey,
  loadOrCreateKey,
  NO_PORT_MEMORY,
  type PeerDatastore,
  PortFile,
  type PortMemory,
} from '../network/index.js';
import { wayOutOf } from '../open-files.js';
import { reasonOf } from '../reason.js';
import {
  type BlockStore,
  Directory,
  durableStore,
  isDamage,
  isOthers,
  memoryStore,
  StorageError,
} from '../storage/index.js';
import { leftoversOf } from './leftovers.js';

/** A record of a peer takes some hundred bytes, and is written seldom: LevelDB's least, 64 KiB. */
const PEERS_BUFFERED_BYTES = 64 << 10;

export interface DataDirectory {
  readonly key: PrivateKey;
  readonly store: BlockStore;
  /** Undefined where nothing is to outlive the node. */
  readonly datastore: PeerDatastore | undefined;
  readonly ports: PortMemory;
  /** Whether no node has kept its chain here before. */
  readonly isNew: boolean;
  close(): Promise<void>;
  /** Closes it and, if it did not exist before it was opened, leaves nothing behind. */
  discard(): Promise<void>;
}

/** Everything in memory. */
export async function openMemory(spec: NetworkSpec): Promise<DataDirectory> {
  const store = memoryStore(spec);
  await store.open();
  const close = () => store.close();
  return {
    key: await ephemeralKey(),
    store,
    datastore: undefined,
    ports: NO_PORT_MEMORY,
    isNew: true,
    close,
    discard: close,
  };
}

/**
 * Opens a data directory, made if there is none. The chain comes first: its lock is what keeps a second process out.
 *
 * @param troubled told once, later, when the chain is found damaged or cannot be written
 * @throws StorageError, IdentityError; a directory that did not exist before is then gone again
 */
export async function openDataDirectory(
  directory: string,
  spec: NetworkSpec,
  troubled: (error: StorageError) => void,
  log: Logger,
): Promise<DataDirectory> {
  const removeLeftovers = leftoversOf(directory);
  const isNew = !existsSync(join(directory, 'chain'));
  const opened: { close(): Promise<void> }[] = [];
  const close = async () => {
    while (opened.length > 0) await opened.pop()?.close();
  };
  const discard = async () => {
    await close();
    await removeLeftovers();
  };
  try {
    const store = durableStore(join(directory, 'chain'), spec, troubled);
    await store.open();
    opened.push(store);
    const datastore = await openPeers(join(directory, 'peers'), log);
    opened.push(datastore);
    const key = await loadOrCreateKey(directory);
    return { key, store, datastore, ports: new PortFile(directory), isNew, close, discard };
  } catch (error) {
    if (isOthers(error)) await close();
    else await discard();
    throw error;
  }
}

/**
 * Whom the node has met. Others will tell of them again: where it is damaged, it is begun anew. What there was is put aside,
 * since it may name the only way into a network; the last one only, so that a disk that fails does not come to be full of them.
 */
async function openPeers(directory: string, log: Logger): Promise<LevelDatastore> {
  type Kept = ConstructorParameters<typeof LevelDatastore>[0];
  // Its type asks for one class of the family; it uses no more than what all have.
  const open = async () =>
    new LevelDatastore((await new Directory(directory, PEERS_BUFFERED_BYTES).open()) as unknown as Kept);
  try {
    return await open();
  } catch (error) {
    if (!isDamage(error)) throw error;
    const aside = `${directory}.damaged`;
    await putAside(directory, aside);
    log.warn({ directory, aside }, 'peers-damaged');
    return await open();
  }
}

async function putAside(directory: string, aside: string): Promise<void> {
  try {
    await rm(aside, { recursive: true, force: true });
    await rename(directory, aside);
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new StorageError(
      'not-writable',
      `cannot put ${directory}, which is damaged, aside (${reason}): ${wayOutOf(reason, 'move it away yourself, and start again')}`,
      { cause },
    );
  }
}
