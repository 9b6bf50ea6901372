/** What becomes of blocks that are offered to the follower. */

/** What became of a block that was offered. */
export type Outcome =
  /** It follows our head and is our new head. */
  | 'appended'
  /** It made a branch longer than our chain; that branch is our chain now. */
  | 'adopted'
  /** It stands on a branch no longer than our chain. */
  | 'kept'
  | 'known'
  /** It is behind our head, or ties with it where no branch can be kept. */
  | 'stale'
  /** We do not have its parent, and its chain is as long as ours, or longer. */
  | 'orphan';

/** Where a peer's blocks led to. */
export type Extension =
  /** Onto our chain, or onto a branch that is not longer yet. */
  | 'extended'
  /** Nowhere: our chain has all of them. */
  | 'known'
  /** They follow nothing that we have. */
  | 'unconnected'
  /** There is no room for another branch, or its peer sends more than it promised. */
  | 'refused';
