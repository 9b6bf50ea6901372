/** From what stands in the way to the one thing to do next. Pure. */
import type { Facts, Hindrance } from '../../node/index.js';
import { plural } from '../format.js';

/** Whether anything is in the way. */
export function isHindered(hindrances: readonly Hindrance[]): boolean {
  return hindrances.some(({ blocks }) => blocks);
}

/** @param hindrances the most urgent first */
export function recommendation({ self }: Pick<Facts, 'self'>, hindrances: readonly Hindrance[]): string {
  const [first] = hindrances;
  if (first?.blocks) return first.advice;
  if (self === undefined)
    return 'Nothing is in the way: start a node with gossipchain start, and ask again then.';
  if (self.peers.length === 0)
    return 'Nothing is in the way so far, and nobody has come yet: ask again in 15 s.';
  return `Nothing is in the way: ${plural(self.peers.length, 'peer is', 'peers are')} connected.${first === undefined ? '' : ` ${first.advice}`}`;
}
