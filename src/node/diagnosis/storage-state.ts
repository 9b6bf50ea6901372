/** Whether there is room where the chain is kept, and whether it is whole, and ours. */
import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { networkId } from '../../chain/index.js';
import { saysTooManyFiles } from '../../open-files.js';
import { damageIn, type StorageError, storedNetwork } from '../../storage/index.js';
import type { StorageState, StorageTrouble } from './facts.js';

/** @param path may not be there yet: then of the place where it would be made */
export async function storageState(path: string): Promise<StorageState> {
  const directory = resolve(path);
  const place = await existing(directory);
  const writable = await access(place, constants.W_OK).then(
    () => true,
    () => false, // for whatever reason: this is the question
  );
  const isDirectory = await stat(place).then(
    (found) => found.isDirectory(),
    () => true, // not ours to see: then it is not writable, either
  );
  const freeBytes = await statfs(place).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined, // a file system that does not say
  );
  return { directory, freeBytes, writable, ...(isDirectory ? {} : { trouble: 'no-directory' }) };
}

/** The same of the directory of a node that runs: it is there, unless somebody has removed it. */
export async function usedStorageState(directory: string): Promise<StorageState> {
  const state = await storageState(directory);
  // A database has this file for as long as it is one.
  const isGone = await access(join(directory, 'chain', 'CURRENT')).then(
    () => false,
    ({ code }: NodeJS.ErrnoException) => code === 'ENOENT', // else it is not ours to see
  );
  return isGone ? { ...state, trouble: 'gone' } : state;
}

/** What a node's store has come upon, for whoever looks at its directory. */
export function troubleOf({ code, message }: StorageError): StorageTrouble {
  if (code === 'damaged') return 'damaged';
  return saysTooManyFiles(message) ? 'too-many-files' : 'write-failed';
}

/**
 * The same of a directory that no node need be using: its files are looked at, and it is opened for a moment if it is free. What
 * is damaged within the chain's blocks shows when they are read.
 *
 * @param wanted id of the network whose chain is to be there
 */
export async function unusedStorageState(directory: string, wanted: string): Promise<StorageState> {
  const state = await storageState(directory);
  if (state.trouble !== undefined) return state;
  const chain = join(directory, 'chain');
  const damage = await damageIn(chain).catch(() => undefined); // none there, or not ours to see
  if (damage !== undefined) return { ...state, trouble: 'damaged' };
  const stored = await storedNetwork(chain);
  return stored === undefined || networkId(stored) === wanted
    ? state
    : { ...state, trouble: 'other-network' };
}

async function existing(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    const isThere = await access(at).then(
      () => true,
      () => false, // missing, or not ours to see: its parent tells
    );
    if (isThere || at === dirname(at)) return at;
  }
}
