/** What others may know of a node: its public face. */
export type * from './answers.js';
export { NodeError, type NodeErrorCode } from './errors.js';
export type * from './events.js';
export type { MiningStatus } from './forge.js';
export { createNode, Node } from './node.js';
export type { NodeOptions } from './options.js';
