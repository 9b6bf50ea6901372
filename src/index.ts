/**
 * A small peer-to-peer ledger for your own program: a node, and the ledger's own functions.
 *
 * @example
 * import { createNode } from 'gossipchain';
 *
 * await using node = createNode({ dataDir: './ledger' });
 * node.on('block', ({ block }) => console.log('block', block.index));
 * await node.start();
 * await node.send({ sender: node.peerId, recipient: 'bob', amount: 5 });
 * await node.mine();
 */
import './network/with-resolvers.js';

export {
  Block,
  type BlockErrorCode,
  type BlockFields,
  ChainError,
  canonicalJson,
  createNetwork,
  DEFAULT_NETWORK,
  Float,
  InvalidBlock,
  InvalidChainFile,
  InvalidNetwork,
  InvalidTransaction,
  type Json,
  JsonError,
  type JsonNumber,
  type NetworkSpec,
  networkId,
  type PendingTransaction,
  parseJson,
  readBlock,
  readChainFile,
  readTransaction,
  Transaction,
  type TransactionErrorCode,
} from './chain/index.js';
export type { Logger } from './log.js';
export { DialError, IdentityError, type Libp2pMetrics, ListenError, NetworkError } from './network/index.js';
export {
  type BlockEvent,
  type Bound,
  createNode,
  type Facts,
  type ForkEvent,
  type FoundBlock,
  type FoundTransaction,
  type Hindrance,
  type HindranceCode,
  hindrancesIn,
  type Invitation,
  InvitationError,
  type InvitationErrorCode,
  MiningError,
  type MiningEvent,
  type MiningStatus,
  type Node,
  NodeError,
  type NodeErrorCode,
  type NodeEvents,
  type NodeFigures,
  type NodeOptions,
  type NodePeer,
  type NodeStatus,
  type PeerEvent,
  type ReorgEvent,
  type RestartEvent,
  readInvitation,
  type SentTransaction,
  type Source,
  type TransactionEvent,
  type VerdictCount,
} from './node/index.js';
export {
  type ChainSnapshot,
  type Head,
  type ReplacedBlock,
  StorageError,
  type StorageErrorCode,
} from './storage/index.js';
export {
  type BlockLike,
  hash,
  lastBlock,
  newBlock,
  newTransaction,
  proofOfWork,
  type TransactionLike,
  validChain,
  validProof,
} from './tutorial.js';
export { VERSION } from './version.js';
