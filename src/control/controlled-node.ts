import type { Node } from '../node/index.js';

/** The part of a node that the control API uses. */
export type ControlledNode = Pick<
  Node,
  | 'networkId'
  | 'peerId'
  | 'addresses'
  | 'status'
  | 'figures'
  | 'boundsHit'
  | 'peers'
  | 'survey'
  | 'diagnosis'
  | 'mine'
  | 'miningPace'
  | 'setMiningPace'
  | 'send'
  | 'snapshot'
  | 'block'
  | 'pending'
  | 'transaction'
  | 'replaced'
  | 'connect'
  | 'invitation'
  | 'join'
  | 'resolve'
  | 'on'
  | 'off'
>;
