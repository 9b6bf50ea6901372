/** How a block stands to our chain. Chains change while a block is looked at: what was true when it was opened may be so no more. */
import type { ShownBlock } from './block.js';
import { type BesideBlock, type Fate, fateOf } from './branches.js';
import type { Chain } from './chain.js';

/** `gone`: our chain is shorter than it was, and nothing is known of the block. */
export type Standing = 'chain' | Fate | 'gone';

/** What the page knows. */
export interface Known {
  readonly chain: Pick<Chain, 'at' | 'length'>;
  readonly branches: readonly BesideBlock[];
  readonly tied: ReadonlySet<string>;
}

/** @param opened as it stood beside our chain when it was opened, if it did: the node forgets such blocks in time */
export function standingOf(
  { index, hash }: ShownBlock,
  opened: BesideBlock | undefined,
  { chain, branches, tied }: Known,
): Standing {
  const ours = chain.at(index);
  // What lost once may have won since.
  if (ours?.hash === hash) return 'chain';
  const beside = branches.find(({ block }) => block.hash === hash) ?? opened;
  if (beside !== undefined) return fateOf(beside, tied);
  if (index > chain.length) return 'gone';
  return ours === undefined ? 'chain' : 'replaced';
}
