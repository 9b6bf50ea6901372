/** What stands between this node and others. */
export type { Diagnostician } from './diagnostician.js';
export * from './facts.js';
export { HINDRANCE_CODES, type Hindrance, type HindranceCode } from './hindrance.js';
export { hindrancesIn } from './hindrances.js';
export { makeDiagnostician } from './make.js';
export { storageState, unusedStorageState } from './storage-state.js';
