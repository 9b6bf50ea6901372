// A chain for a node that searches and never finds: at the highest difficulty, its proofs as they come. A node trusts what is
// on its own disk, so that it starts with it; nobody else would take it.
import { join } from 'node:path';
import { Block, createNetwork, rewardFor } from '../dist/src/chain/index.js';
import { durableStore } from '../dist/src/storage/index.js';

export const ENDLESS = createNetwork({ name: 'bench-api', difficulty: 16 });
const MINER = '12D3KooWGRUfvWxKnYwnDxLy1NWzyFwFrhVAjzGsGBZT5jDxnqTz';

/** @param {string} directory - a node's data directory, to be made @param {number} length - in blocks */
export async function makeEndlessChain(directory, length) {
  const blocks = [];
  let last = ENDLESS.genesis;
  while (last.index < length) {
    last = new Block({
      index: last.index + 1,
      timestamp: 1506057125.900785 + last.index,
      transactions: [rewardFor(MINER)],
      proof: last.index,
      previous_hash: last.hash,
    });
    blocks.push(last);
  }
  const store = durableStore(join(directory, 'chain'), ENDLESS);
  await store.open();
  await store.append(blocks);
  await store.close();
}
