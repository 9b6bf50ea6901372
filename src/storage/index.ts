/** Blocks, pending transactions and indexes, on disk or in memory. */
import type { NetworkSpec } from '../chain/index.js';
import type { BlockStore } from './block-store.js';
import { Directory } from './directory.js';
import type { StorageError } from './errors.js';
import { LevelBlockStore } from './level-block-store.js';
import { Memory } from './memory.js';

export type * from './block-store.js';
export { Directory } from './directory.js';
export { isDamage, isOthers, StorageError, type StorageErrorCode, UnreadableBranch } from './errors.js';
export { damageIn } from './level-files.js';
export { hasRoom } from './room.js';
export { storedNetwork } from './stored-network.js';

/**
 * A store in a directory, which it has for itself and makes if there is none.
 *
 * @param troubled told once of what {@link BlockStore.trouble} says
 */
export function durableStore(
  directory: string,
  spec: NetworkSpec,
  troubled?: (error: StorageError) => void,
): BlockStore {
  return new LevelBlockStore(new Directory(directory), spec, troubled);
}

/** A store that is gone when it is closed. */
export function memoryStore(spec: NetworkSpec): BlockStore {
  return new LevelBlockStore(new Memory(), spec);
}
