/** Every parser that meets bytes from outside. */
import type { Target } from './target.js';
import { keyTarget, sealedTarget, storeTarget } from './targets/disk.js';
import { eventTarget, healthTarget, httpTarget } from './targets/http.js';
import { announcementTarget, mdnsTarget } from './targets/lan.js';
import { blockTarget, canonicalJsonTarget, chainFileTarget, transactionTarget } from './targets/ledger.js';
import {
  chainAnswerTarget,
  chainFramesTarget,
  chainRequestTarget,
  gossipFramesTarget,
  gossipTarget,
} from './targets/wire.js';
import {
  addressTarget,
  invitationBytesTarget,
  invitationTarget,
  listenAddressTarget,
  nodeListTarget,
  optionTarget,
} from './targets/words.js';

export const TARGETS: readonly Target[] = [
  canonicalJsonTarget,
  transactionTarget,
  blockTarget,
  chainFileTarget,
  chainFramesTarget,
  chainRequestTarget,
  chainAnswerTarget,
  gossipTarget,
  gossipFramesTarget,
  announcementTarget,
  mdnsTarget,
  invitationTarget,
  invitationBytesTarget,
  addressTarget,
  listenAddressTarget,
  nodeListTarget,
  optionTarget,
  httpTarget,
  healthTarget,
  eventTarget,
  storeTarget,
  sealedTarget,
  keyTarget,
];
