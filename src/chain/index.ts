/** The ledger: pure, no I/O, no clock, no randomness but what is passed in. */
export * from './block.js';
export * from './canonical.js';
export * from './chain-file.js';
export * from './errors.js';
export * from './hash.js';
export * from './json.js';
export * from './locator.js';
export * from './mempool.js';
export * from './network-spec.js';
export * from './proof.js';
export * from './rules.js';
export * from './transaction.js';
