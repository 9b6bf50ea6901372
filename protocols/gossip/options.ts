import type { GossipsubOpts } from '@chainsafe/libp2p-gossipsub';
import { createTopicScoreParams } from '@chainsafe/libp2p-gossipsub/score';
import * as limits from './constants.js';
import { messageIds } from './message-id.js';
import { topics } from './topics.js';

/**
 * How gossipsub must be set up for this protocol.
 *
 * @param networkId 16 hex digits
 */
export function gossipsubOptions(networkId: string): Partial<GossipsubOpts> {
  const ours = topics(networkId);
  const { transactions, blocks, peers } = ours;
  return {
    // The payload alone counts: no author, no signature, an id by content.
    globalSignaturePolicy: 'StrictNoSign',
    msgIdFn: messageIds(ours),
    // A node alone publishes too; and who mines what a peer has just announced is no error.
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    // In a room of some 30 nodes the first message should not wait for the mesh to form.
    floodPublish: true,
    D: limits.MESH_PEERS,
    Dlo: limits.MESH_PEERS_LOW,
    Dhi: limits.MESH_PEERS_HIGH,
    // Encodes a message once for all peers; without it, control data meant for one peer leaks to the next.
    batchPublish: true,
    emitSelf: false,
    // No floodsub: it has no scores and no limits.
    fallbackToFloodsub: false,
    // Peers are found by mDNS, by --peer, and by what they announce on a topic of its own: never by a PRUNE.
    doPX: false,
    // Tags are for pruning connections, and cost a write to disk at every change of the mesh.
    tagMeshPeers: false,
    allowedTopics: [transactions, blocks, peers],
    idontwantMinDataSize: limits.IDONTWANT_BYTES,
    maxInboundDataLength: limits.MAX_RPC_BYTES,
    maxOutboundBufferSize: limits.MAX_OUTBOUND_BYTES,
    decodeRpcLimits: {
      maxSubscriptions: limits.MAX_RPC_SUBSCRIPTIONS,
      maxMessages: limits.MAX_RPC_MESSAGES,
      maxIhaveMessageIDs: limits.MAX_RPC_MESSAGES,
      maxIwantMessageIDs: limits.MAX_RPC_MESSAGES,
      maxIdontwantMessageIDs: limits.MAX_RPC_IDONTWANT_IDS,
      maxControlMessages: limits.MAX_RPC_CONTROL_MESSAGES,
      maxPeerInfos: limits.MAX_RPC_PEER_INFOS,
    },
    seenTTL: limits.SEEN_MS,
    scoreThresholds: limits.SCORE_THRESHOLDS,
    scoreParams: {
      decayInterval: limits.SCORE_DECAY_MS,
      decayToZero: limits.SCORE_DECAY_TO_ZERO,
      retainScore: limits.SCORE_RETAINED_MS,
      appSpecificWeight: 0,
      // Many nodes behind one address are a classroom or one machine, not an attack.
      IPColocationFactorWeight: 0,
      behaviourPenaltyWeight: limits.BEHAVIOUR_PENALTY_WEIGHT,
      behaviourPenaltyDecay: limits.BEHAVIOUR_PENALTY_DECAY,
      behaviourPenaltyThreshold: limits.BEHAVIOUR_PENALTY_THRESHOLD,
      topics: {
        [transactions]: onlyInvalidCounts(),
        [blocks]: onlyInvalidCounts(),
        [peers]: onlyInvalidCounts(),
      },
    },
  };
}

/** Scores a topic by rejected messages alone: a quiet peer is no bad peer, and a good past buys no invalid block. */
function onlyInvalidCounts() {
  return createTopicScoreParams({
    topicWeight: 1,
    timeInMeshWeight: 0,
    firstMessageDeliveriesWeight: 0,
    meshMessageDeliveriesWeight: 0,
    meshFailurePenaltyWeight: 0,
    invalidMessageDeliveriesWeight: limits.INVALID_MESSAGE_WEIGHT,
    invalidMessageDeliveriesDecay: limits.INVALID_MESSAGE_DECAY,
  });
}
