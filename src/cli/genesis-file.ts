/** The network that the options `--network`, `--difficulty` and `--genesis` describe. */
import {
  type Block,
  createNetwork,
  InvalidBlock,
  InvalidNetwork,
  isJsonObject,
  JsonError,
  type NetworkSpec,
  parseJson,
  readBlock,
  readChainFile,
} from '../chain/index.js';
import { CliError } from './errors.js';
import { openText } from './text-input.js';

export interface NetworkOptions {
  readonly network?: string;
  readonly difficulty?: number;
  readonly genesis?: string;
}

/** @throws CliError, InvalidNetwork */
export async function networkFrom({ network, difficulty, genesis }: NetworkOptions): Promise<NetworkSpec> {
  return createNetwork({
    ...(network === undefined ? {} : { name: network }),
    ...(difficulty === undefined ? {} : { difficulty }),
    ...(genesis === undefined ? {} : { genesis: await readGenesis(genesis) }),
  });
}

/** A file up to this many bytes is looked at whole; a block cannot be longer, so a longer one can only be a chain. */
const MAX_BLOCK_FILE_BYTES = 4 << 20;

/** What says of a file that it has no first block. */
const REFUSALS = [InvalidBlock, InvalidNetwork, JsonError];

/**
 * The block in a file; of a chain, as `GET /chain` answers it, the first.
 *
 * @throws CliError
 */
export async function readGenesis(file: string): Promise<Block> {
  const refuse = (reason: string) =>
    new CliError('bad-file', `${file} has no first block for a chain: ${reason}`);
  try {
    const block = readBlock(await firstValue(file));
    createNetwork({ genesis: block }); // whether a chain may begin with it: here it is known from which file it is
    return block;
  } catch (error) {
    if (REFUSALS.some((kind) => error instanceof kind)) throw refuse((error as Error).message);
    throw error;
  }
}

async function firstValue(file: string): Promise<unknown> {
  await using input = await openText(file);
  if (input.size !== undefined && input.size > MAX_BLOCK_FILE_BYTES) {
    for await (const block of readChainFile(input.chunks)) return block;
    return undefined;
  }
  let text = '';
  for await (const chunk of input.chunks) text += chunk;
  const value = parseJson(text);
  if (!isJsonObject(value) || !Object.hasOwn(value, 'chain')) return value;
  return Array.isArray(value.chain) ? value.chain[0] : value.chain;
}
