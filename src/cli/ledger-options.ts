/** Which data directory `export` and `import` work on. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type NetworkSpec, networkId } from '../chain/index.js';
import { type NetworkOptions, networkFrom } from './genesis-file.js';
import { DEFAULT_PORT, dataDirectoryFor } from './paths.js';

export interface LedgerOptions extends NetworkOptions {
  readonly dataDir?: string;
}

export interface LedgerPlace {
  readonly directory: string;
  readonly spec: NetworkSpec;
  /** Whether a chain is there. */
  readonly exists: boolean;
}

/** @throws CliError, InvalidNetwork */
export async function ledgerPlace(options: LedgerOptions): Promise<LedgerPlace> {
  const spec = await networkFrom(options);
  const directory = options.dataDir ?? dataDirectoryFor(networkId(spec), DEFAULT_PORT);
  return { directory, spec, exists: existsSync(join(directory, 'chain')) };
}
