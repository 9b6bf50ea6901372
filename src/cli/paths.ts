/** Where this program keeps things, by the customs of the platform. */
import { join } from 'node:path';
import { CliError } from './errors.js';
import { platformPaths } from './platform-paths.js';

/** The control port where none is named; the tutorial's. */
export const DEFAULT_PORT = 5000;

/**
 * The data directory of a node where none is named: one a network and control port.
 *
 * @throws CliError `no-home`
 */
export async function dataDirectoryFor(networkId: string, port: number): Promise<string> {
  const paths = await platformPaths();
  if (paths === undefined)
    throw new CliError(
      'no-home',
      'this user has no home directory: set HOME, or name a directory by --data-dir',
    );
  return join(paths.data, `${networkId}-${port}`);
}

/**
 * Where the running nodes of this user are recorded: on Linux in the directory for state, whose parent is that of logs.
 * Undefined where this user has no home directory.
 */
export async function runningDirectory(): Promise<string | undefined> {
  const paths = await platformPaths();
  return paths && join(process.platform === 'linux' ? paths.log : paths.data, 'running');
}
