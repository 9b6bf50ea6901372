/** Whether the node answers, and what has become of it while it did not. */

export type Change = 'same' | 'longer' | 'different' | 'other-node';

export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  | { readonly state: 'locked' }
  /**
   * @property since in ms since the epoch
   * @property reason why the node tells nothing, in its own words; undefined where it does not answer
   */
  | { readonly state: 'away'; readonly since: number; readonly reason: string | undefined };

/** What a page should say after its node was away. */
export interface Return {
  /** In ms since the epoch. */
  readonly at: number;
  /** Undefined where the page was hidden, and did not see for how long. */
  readonly awayMs: number | undefined;
  /** Whether the node was started again meanwhile. */
  readonly restarted: boolean;
  readonly change: Change;
}
