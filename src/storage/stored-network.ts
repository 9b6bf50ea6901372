/** Whose chain a directory holds, told without opening it. */
import { copyFile, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sha256 } from '../chain/index.js';
import { Directory } from './directory.js';
import { layout } from './layout.js';

/**
 * The hash of the network's specification, whose beginning is the network's id. To open a database is to change it, and to
 * keep others out: a copy is opened, to which the tables, which are most of it and never change, are linked.
 *
 * @returns undefined where there is no chain
 * @throws StorageError, the system's error: it cannot be told
 */
export async function storedNetworkHash(directory: string): Promise<string | undefined> {
  const copy = await mkdtemp(join(tmpdir(), 'gossipchain-'));
  try {
    for (const name of await readdir(directory)) {
      const [from, to] = [resolve(directory, name), join(copy, name)];
      if (name.endsWith('.ldb')) await symlink(from, to);
      else if (name !== 'LOCK') await copyFile(from, to);
    }
    const level = await new Directory(copy).open();
    const network = await level.get(layout.network);
    await level.close();
    return network && sha256(network);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
