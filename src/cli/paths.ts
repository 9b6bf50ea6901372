/** Where this program keeps things, by the customs of the platform. */
import { join } from 'node:path';
import envPaths from 'env-paths';

/** The control port where none is named; the tutorial's. */
export const DEFAULT_PORT = 5000;

const { data, log } = envPaths('gossipchain', { suffix: '' });

/** The data directory of a node where none is named: one a network and control port. */
export function dataDirectoryFor(networkId: string, port: number): string {
  return join(data, `${networkId}-${port}`);
}

/** Where the running nodes of this user are recorded: on Linux in the directory for state, whose parent is that of logs. */
export function runningDirectory(): string {
  return join(process.platform === 'linux' ? log : data, 'running');
}
