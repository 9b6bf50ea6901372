/** Whose chain a directory holds, told without opening it. */
import { copyFile, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { NetworkSpec } from '../chain/index.js';
import { Database } from './database.js';
import { Directory } from './directory.js';
import { networkIn } from './format.js';

/**
 * To open a database is to change it, and to keep others out: a copy is opened, to which the tables, which are most of it and
 * never change, are linked.
 *
 * @returns undefined where there is no chain, or none that can be read: whoever opens its store is told why
 */
export async function storedNetwork(directory: string): Promise<NetworkSpec | undefined> {
  const names: string[] = await readdir(directory).catch(() => []);
  if (!names.includes('CURRENT')) return undefined;
  let copy: string | undefined;
  try {
    copy = await mkdtemp(join(tmpdir(), 'gossipchain-'));
    for (const name of names) await bring(name, resolve(directory), copy);
    const db = new Database(await new Directory(copy).open(), copy);
    const network = await networkIn(db);
    await db.close();
    return network;
  } catch {
    return undefined; // damaged, or not ours to see, or no room for the copy
  } finally {
    if (copy !== undefined) await rm(copy, { recursive: true, force: true });
  }
}

async function bring(name: string, from: string, to: string): Promise<void> {
  if (name === 'LOCK') return;
  const copied = () => copyFile(join(from, name), join(to, name));
  if (!name.endsWith('.ldb')) return copied();
  // On Windows not everybody may link.
  await symlink(join(from, name), join(to, name)).catch(copied);
}
