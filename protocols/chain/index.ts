/** /chain/1.0.0: how nodes tell each other their heads, blocks and pending transactions. Specified in README.md. */
export { ChainClient, type StreamOpener } from './client.js';
export {
  CHAIN_PROTOCOL,
  type ChainTimeouts,
  MAX_ANSWER_BLOCKS,
  MAX_ANSWER_IDS,
  MAX_LOCATOR_HASHES,
  MAX_WANTED_IDS,
  TIMEOUTS,
} from './constants.js';
export { ChainProtocolError, type ChainProtocolErrorCode, type RemoteNetwork } from './errors.js';
export { ChainServer, type StreamRegistrar } from './server.js';
export type { ChainSource, HeadInfo } from './source.js';
