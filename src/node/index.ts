/** What others may know of a node: its public face. */

export type { Bound } from '../bounds.js';
export { MiningError, type MiningErrorCode } from '../mining/errors.js';
export { DialError, MAX_ADDRESS_CHARACTERS } from '../network/index.js';
export { StorageError, type StorageErrorCode } from '../storage/index.js';
export type * from './answers.js';
export {
  type Facts,
  HINDRANCE_CODES,
  type Hindrance,
  type HindranceCode,
  hindrancesIn,
  STORAGE_TROUBLES,
  storageState,
  unusedStorageState,
} from './diagnosis/index.js';
export { NodeError, type NodeErrorCode } from './errors.js';
export type * from './events.js';
export type { NodeFigures } from './figures.js';
export type { MiningStatus } from './forge.js';
export {
  type Invitation,
  InvitationError,
  type InvitationErrorCode,
  looksLikeInvitation,
  MAX_CODE_CHARACTERS,
  readInvitation,
} from './invitation.js';
export { createNode, Node } from './node.js';
export type { NodeOptions } from './options.js';
export type { VerdictCount } from './verdicts.js';
