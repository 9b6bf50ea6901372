/** What a start that failed must not leave behind: what was not there before. */
import { existsSync, readdirSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/**
 * Looks at what is there now.
 *
 * @returns removes a directory that was not there, and those above it that are empty and were not there either;
 *   empties one that was empty; leaves alone one that was in use
 */
export function leftoversOf(directory: string): () => Promise<void> {
  const missing: string[] = [];
  for (let path = resolve(directory); !existsSync(path) && path !== dirname(path); path = dirname(path))
    missing.push(path);
  const [first, ...above] = missing;
  if (first === undefined) return isEmpty(directory) ? () => empty(directory) : async () => {};
  return async () => {
    await rm(first, { recursive: true, force: true });
    for (const path of above) {
      try {
        await rmdir(path);
      } catch {
        return; // gone already, or somebody else has put something there
      }
    }
  };
}

function isEmpty(directory: string): boolean {
  try {
    return readdirSync(directory).length === 0;
  } catch {
    return false; // no directory, or none of ours
  }
}

async function empty(directory: string): Promise<void> {
  for (const name of await readdir(directory))
    await rm(join(directory, name), { recursive: true, force: true });
}
