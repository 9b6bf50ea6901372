/**
 * A node's chain, page by page: whoever takes a page may take any time for it, since no answer is under way meanwhile. One
 * answer for all of it would be given up by the node.
 */
import { type Block, readBlock, readChainFile } from '../chain/index.js';
import type { ControlClient } from './client.js';
import { CliError } from './errors.js';

/** Blocks that are asked for at once. */
const PAGE = 200;

/**
 * Each block as it is shown: no more than that is held of a page. There is one page at least, which may be empty. Each
 * follows the one before by its hashes, so that all that is shown is one chain, though it may grow meanwhile.
 *
 * @param from index of the first block
 * @param limit how many, at most
 * @throws CliError `chain-replaced`, and what the client throws
 */
export async function* chainPages<T>(
  client: Pick<ControlClient, 'chain'>,
  from: number,
  limit: number,
  show: (block: Block) => T,
): AsyncGenerator<T[]> {
  let next = from;
  let before: string | undefined;
  for (let left = limit; left > 0; left -= PAGE) {
    const wanted = Math.min(left, PAGE);
    const page: T[] = [];
    for await (const value of readChainFile(await client.chain(next, wanted), next)) {
      const block = readBlock(value);
      if (page.length === 0 && before !== undefined && block.previous_hash !== before) throw replaced(next);
      page.push(show(block));
      before = block.hash;
    }
    if (page.length > 0 || next === from) yield page;
    if (page.length !== wanted) return;
    next += wanted;
  }
}

function replaced(index: number): CliError {
  const since = `from block ${index} on it does not follow what was shown before`;
  return new CliError('chain-replaced', `the node has taken a longer chain meanwhile: ${since}; ask again`);
}
