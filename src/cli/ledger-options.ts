/** Which network and data directory the options name. */

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
  const spec = await networkOf(options);
  const directory = options.dataDir ?? (await dataDirectoryFor(networkId(spec), DEFAULT_PORT));
  return { directory, spec, exists: existsSync(join(directory, 'chain')) };
}

/**
 * The network that the options describe; where they say nothing of it, that of the chain in the data directory they name.
 *
 * @throws CliError, InvalidNetwork
 */
export async function networkOf(options: LedgerOptions): Promise<NetworkSpec> {
  const { dataDir } = options;
  if (dataDir === undefined || saysNetwork(options)) return networkFrom(options);
  const { storedNetwork } = await import('../storage/index.js');
  return (await storedNetwork(join(dataDir, 'chain'))) ?? networkFrom(options);
}

/** Whether the options say anything of a network. */
export function saysNetwork({ network, difficulty, genesis }: NetworkOptions): boolean {
  return network !== undefined || difficulty !== undefined || genesis !== undefined;
}
