/** The network that the options `--network`, `--difficulty` and `--genesis` describe. */
import {
  type Block,
  createNetwork,
  InvalidBlock,
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
    if (block.index !== 1) throw refuse(`its block has the index ${block.index}, not 1`);
    if (block.transactions.some(({ isReward }) => isReward))
      throw refuse('its block pays a reward, and nobody mined it');
    return block;
  } catch (error) {
    if (error instanceof InvalidBlock || error instanceof JsonError) throw refuse(error.message);
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
