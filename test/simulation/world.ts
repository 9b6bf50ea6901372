/** What all nodes of a run have in common. */
import type { MempoolLimits, NetworkSpec } from '../../src/chain/index.js';
import type { Dice } from '../helpers/dice.js';
import type { SimulatedNetwork } from './network.js';
import type { Trace } from './trace.js';

export interface World {
  readonly spec: NetworkSpec;
  readonly network: SimulatedNetwork;
  readonly dice: Dice;
  readonly trace: Trace;
  readonly mempoolLimits: MempoolLimits;
  /** Blocks asked for at once: few, so that a short chain, too, comes in many pieces. */
  readonly pieceBlocks: number;
  /** What must never happen has happened. */
  fail(what: string): void;
}
