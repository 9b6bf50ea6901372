/** The pubsub topics: how transactions and blocks travel between nodes. Specified in README.md. */
export { MAX_BLOCK_MESSAGE_BYTES, MAX_TRANSACTION_MESSAGE_BYTES } from './constants.js';
export { Gossip, type GossipHandlers, type Pubsub, type Verdict } from './gossip.js';
export { messageId, messageIds } from './message-id.js';
export { gossipsubOptions } from './options.js';
export { rpcGuard } from './rpc-guard.js';
export { type Topics, topics } from './topics.js';
