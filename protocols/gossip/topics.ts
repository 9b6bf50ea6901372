import { TOPIC_PREFIX } from './constants.js';

/** The topics of a network. */
export interface Topics {
  readonly transactions: string;
  readonly blocks: string;
  readonly peers: string;
}

/**
 * Names the topics of a network.
 *
 * @param networkId 16 hex digits, see `networkId` in the ledger
 */
export function topics(networkId: string): Topics {
  return {
    transactions: `${TOPIC_PREFIX}/${networkId}/transactions`,
    blocks: `${TOPIC_PREFIX}/${networkId}/blocks`,
    peers: `${TOPIC_PREFIX}/${networkId}/peers`,
  };
}
