/** What becomes of a well-formed message from the network: it is offered to the follower, whose answer is the verdict; what is invalid it throws. */
import { setTimeout as delay } from 'node:timers/promises';
import type { PeerId } from '@libp2p/interface';
import type { GossipHandlers } from '../../protocols/gossip/index.js';
import type { Bounds } from '../bounds.js';
import type { Block, Rules } from '../chain/index.js';
import { TokenBuckets } from '../token-buckets.js';
import { EXCHANGES_BURST, EXCHANGES_PER_SECOND, FIRST_HAND_REST_MS, MAX_PEER_HEADS } from './constants.js';
import type { ChainFollower } from './follower.js';
import type { Growth } from './growth.js';
import type { ChainSync } from './sync.js';
import { Verdicts } from './verdicts.js';

export function gossipJudge(
  follower: ChainFollower,
  rules: Rules,
  sync: ChainSync,
  bounds: Bounds,
  growth: Pick<Growth, 'restMs'>,
  verdicts: Pick<Verdicts, 'note'> = new Verdicts(),
): GossipHandlers {
  const exchanges = new TokenBuckets(EXCHANGES_PER_SECOND, EXCHANGES_BURST, MAX_PEER_HEADS);
  /** Asks a peer for its chain, because of what it gossips: not as often as it likes. */
  const exchange = (peer: PeerId) => {
    if (exchanges.take(peer.toString())) void sync.exchange(peer);
    else bounds.hit('exchange-rate', peer.toString());
  };
  return {
    transaction: async (transaction, from) => {
      rules.checkTransaction(transaction);
      const entry = { transaction, receivedAt: Date.now(), from: from.toString() };
      const admission = await follower.admit(entry);
      return admission === 'pending' ? 'accept' : 'ignore';
    },

    block: async (block, from) => {
      if (growth.restMs(from.toString()) > 0) {
        // It does not come again: its chain is asked for, and had when there is room.
        exchange(from);
        return 'ignore';
      }
      const outcome = await follower.offer(block, from.toString());
      if (outcome === 'orphan') exchange(from);
      else sync.heads.passedOn(from, block);
      if (outcome !== 'appended' && outcome !== 'adopted' && outcome !== 'kept') return 'ignore';
      if (minerOf(block) === from.toString()) await delay(FIRST_HAND_REST_MS, undefined, { ref: false });
      return 'accept';
    },

    joined: exchange,

    notPassedOn: () => sync.announce(),

    judged: (kind, verdict, code) => verdicts.note('gossip', kind, verdict, code),
  };
}

/** Whom a valid block's reward goes to. */
function minerOf({ transactions }: Block): string | undefined {
  return transactions.at(-1)?.recipient;
}
