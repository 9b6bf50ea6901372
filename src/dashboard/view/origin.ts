/** Where a block came from, in a few words. */
import type { ShownBlock } from '../model/block.js';
import type { Page } from './context.js';
import { nameOf } from './names.js';

export function originOf(page: Page, block: ShownBlock): string {
  const { words, dashboard } = page;
  const arrival = dashboard.arrivals.of(block.hash);
  if (arrival?.source === 'own' || (block.miner !== undefined && block.miner === dashboard.status?.peer_id))
    return words.minedHere;
  if (arrival?.from) {
    const name = nameOf(page, arrival.from);
    return arrival.source === 'sync' ? words.fetchedFrom(name) : words.fromPeer(name);
  }
  return block.miner === undefined ? '' : words.minedBy(nameOf(page, block.miner));
}
