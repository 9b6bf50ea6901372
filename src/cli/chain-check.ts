/** Follows a chain block by block, as the tutorial's valid_chain does, whatever its length. */
import {
  type Block,
  InvalidBlock,
  InvalidChainFile,
  JsonError,
  type Rules,
  readBlock,
  readChainFile,
} from '../chain/index.js';

/** The first block of a chain that does not hold. */
export class BrokenChain extends Error {
  override readonly name = 'BrokenChain';

  /**
   * @param index its place in the chain, counted from 1
   * @param reason why it does not hold
   */
  constructor(
    readonly index: number,
    readonly reason: string,
  ) {
    super(`invalid at block ${index}: ${reason}`);
  }
}

/** Text that is no chain at all. */
export type NoChain = InvalidChainFile | JsonError;

export function isNoChain(error: unknown): error is NoChain {
  return error instanceof InvalidChainFile || error instanceof JsonError;
}

/** What makes text no JSON at all. Other texts are JSON, but no block could be hashed over them. */
const UNREADABLE: ReadonlySet<string> = new Set(['syntax', 'not-utf8']);

/**
 * The blocks of a chain file, each of them checked. Of all before the last, no more is held than the ids of the
 * transactions that have a nonce.
 *
 * @param chunks the file's text, cut anywhere
 * @param checkFirst says more of the first block than that it may begin a chain, by throwing
 * @throws BrokenChain at the first block that does not hold; InvalidChainFile, JsonError where the text is no chain
 */
export async function* checkedChain(
  chunks: AsyncIterable<string>,
  rules: Rules,
  checkFirst: (genesis: Block) => void = () => {},
): AsyncGenerator<Block> {
  const used = new Set<string>();
  let parent: Block | undefined;
  try {
    for await (const value of readChainFile(chunks)) {
      const block = readBlock(value);
      if (parent === undefined) {
        rules.checkGenesis(block);
        checkFirst(block);
      } else rules.checkBlock(block, parent, (id) => used.has(id));
      for (const id of block.ids) used.add(id);
      parent = block;
      yield block;
    }
  } catch (error) {
    const broken =
      error instanceof InvalidBlock || (error instanceof JsonError && !UNREADABLE.has(error.code));
    if (broken) throw new BrokenChain((parent?.index ?? 0) + 1, error.message);
    throw error;
  }
  if (parent === undefined) throw new BrokenChain(1, 'the chain is empty');
}
