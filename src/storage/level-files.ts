/** What LevelDB does not find missing or damaged when it opens a directory, or mends by leaving it out. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isLogDamaged } from './log-file.js';

/** Of a database that was being made when its process ended: there is nothing in it yet. */
const FIRST_MANIFEST = 'MANIFEST-000001';

/**
 * Looks at the files, and changes none. Another process may be using them, or making them at this very moment: CURRENT is
 * read first, since LevelDB has a log before it names a second manifest there; what goes while it is looked at was needed no
 * more. Whether they are in use is for LevelDB to say.
 *
 * @returns what is wrong with them, naming the file; undefined where nothing is, or there is no database
 */
export async function damageIn(directory: string): Promise<string | undefined> {
  const current = await readIfThere(join(directory, 'CURRENT'));
  const names = await readdir(directory);
  const logs = names.filter((name) => name.endsWith('.log'));
  if (current === undefined) {
    // LevelDB would begin anew, and delete all that is there.
    const isLost = !names.includes('CURRENT') && names.some((name) => /\.(log|ldb)$/.test(name));
    return isLost ? 'CURRENT is missing' : undefined;
  }
  if (logs.length === 0)
    return current.toString('latin1').trim() === FIRST_MANIFEST ? undefined : 'its log file is missing';
  for (const name of logs) {
    const log = await readIfThere(join(directory, name));
    if (log !== undefined && isLogDamaged(log)) return `${name} is damaged`;
  }
  return undefined;
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
