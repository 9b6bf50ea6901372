/** What LevelDB does not find missing or damaged when it opens a directory, or mends by leaving it out. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isLogDamaged } from './log-file.js';

/** Of a database that was being made when its process ended: there is nothing in it yet. */
const FIRST_MANIFEST = 'MANIFEST-000001';

/**
 * Looks at the files, and changes none.
 *
 * @returns what is wrong with them, naming the file; undefined where nothing is, or there is no database
 */
export async function damageIn(directory: string): Promise<string | undefined> {
  const names = await readdir(directory);
  const logs = names.filter((name) => name.endsWith('.log'));
  if (!names.includes('CURRENT')) {
    // LevelDB would begin anew, and delete all that is there.
    return logs.length > 0 || names.some((name) => name.endsWith('.ldb')) ? 'CURRENT is missing' : undefined;
  }
  if (logs.length === 0) {
    const current = (await readFile(join(directory, 'CURRENT'), 'latin1')).trim();
    return current === FIRST_MANIFEST ? undefined : 'its log file is missing';
  }
  for (const name of logs)
    if (isLogDamaged(await readFile(join(directory, name)))) return `${name} is damaged`;
  return undefined;
}
