/** Whether there is room where the chain is kept, and whether it is whole. */
import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { damageIn } from '../../storage/index.js';
import type { StorageState } from './facts.js';

/** @param directory may not be there yet: then of the place where it would be made */
export async function storageState(directory: string): Promise<StorageState> {
  const place = await existing(resolve(directory));
  const writable = await access(place, constants.W_OK).then(
    () => true,
    () => false, // for whatever reason: this is the question
  );
  try {
    const { bavail, bsize } = await statfs(place);
    return { directory, freeBytes: bavail * bsize, writable };
  } catch {
    return { directory, freeBytes: undefined, writable }; // a file system that does not say
  }
}

/**
 * The same of a directory that no node is using: its files are looked at, none is changed. What is damaged within the
 * chain's blocks shows when they are read.
 */
export async function unusedStorageState(directory: string): Promise<StorageState> {
  const state = await storageState(directory);
  const damage = await damageIn(join(directory, 'chain')).catch(() => undefined); // none there, or not ours to see
  return damage === undefined ? state : { ...state, trouble: 'damaged' };
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
