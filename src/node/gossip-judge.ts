/** What becomes of a well-formed message from the network: it is offered to the follower, whose answer is the verdict. */
import type { GossipHandlers } from '../../protocols/gossip/index.js';
import { InvalidBlock, InvalidTransaction, type Rules } from '../chain/index.js';
import type { ChainFollower } from './follower.js';
import type { ChainSync } from './sync.js';

export function gossipJudge(follower: ChainFollower, rules: Rules, sync: ChainSync): GossipHandlers {
  return {
    transaction: async (transaction, from) => {
      try {
        rules.checkTransaction(transaction);
      } catch (error) {
        if (error instanceof InvalidTransaction) return 'reject';
        throw error;
      }
      const entry = { transaction, receivedAt: Date.now(), from: from.toString() };
      return (await follower.admit(entry)) === 'pending' ? 'accept' : 'ignore';
    },

    block: async (block, from) => {
      try {
        const outcome = await follower.offer(block, from.toString());
        if (outcome === 'orphan') void sync.exchange(from);
        else sync.heads.passedOn(from, block);
        return outcome === 'appended' || outcome === 'adopted' || outcome === 'kept' ? 'accept' : 'ignore';
      } catch (error) {
        if (error instanceof InvalidBlock) return 'reject';
        throw error;
      }
    },

    joined: (peer) => void sync.exchange(peer),
  };
}
