/** Whose chain a directory holds. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkSpec } from '../chain/index.js';
import { Database } from './database.js';
import { Directory } from './directory.js';
import { StorageError } from './errors.js';
import { networkIn } from './format.js';

/**
 * Opened for a moment, under LevelDB's lock: a copy to which its tables are linked would write to those of whoever uses it.
 *
 * @returns undefined where there is no chain, it is in use, or it cannot be read: whoever opens its store is told why
 */
export async function storedNetwork(directory: string): Promise<NetworkSpec | undefined> {
  if (!existsSync(join(directory, 'CURRENT'))) return undefined;
  const backend = new Directory(directory);
  try {
    const db = new Database(await backend.open(), backend.place);
    try {
      return await networkIn(db);
    } finally {
      await db.close();
    }
  } catch (error) {
    if (error instanceof StorageError) return undefined;
    throw error;
  }
}
