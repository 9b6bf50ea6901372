import { expect, it } from 'vitest';
import type { Block } from '../../src/chain/index.js';
import { chainOf, extend, testNetwork } from '../helpers/chains.js';
import { Witness } from './witness.js';

const NETWORK = testNetwork();
const BEFORE = chainOf(NETWORK, 3, { miner: 'victim' });
const look = (chain: readonly Block[]) => ({ peerId: 'victim', chain, pending: [] });

/** A node that had {@link BEFORE}, then took a rival's block, and forged three after it. */
function afterReceiving(): { witness: Witness; chain: Block[] } {
  const witness = new Witness(NETWORK);
  witness.check(look(BEFORE));
  const received = extend(BEFORE, 1, { miner: 'rival' });
  const chain = extend(received, 3, { miner: 'victim' });
  witness.offered(received.slice(-1));
  for (const { index, proof, previous_hash } of chain.slice(-3))
    witness.forged({ index, proof, previous_hash: String(previous_hash) });
  return { witness, chain };
}

it('is content where all is there', () => {
  const { witness, chain } = afterReceiving();
  witness.check(look(chain));
});

it('misses blocks that were acknowledged after one of a rival’s had come', () => {
  const { witness, chain } = afterReceiving();
  expect(() => witness.check(look(chain.slice(0, -3)))).toThrow('the chain has 4 blocks, and had 7');
});

it('misses them too where others stand in their place, and the chain is no longer for it', () => {
  const { witness, chain } = afterReceiving();
  const others = extend(chain.slice(0, -3), 3, { miner: 'rival' });
  witness.offered(others.slice(-3));
  // Of block 5 the answer named what the other has as well: the proof, and the block before.
  expect(() => witness.check(look(others))).toThrow('the acknowledged block 6 is gone');
});

it('lets a longer chain of others replace them', () => {
  const { witness, chain } = afterReceiving();
  const longer = extend(chain.slice(0, -3), 4, { miner: 'rival' });
  witness.offered(longer.slice(-4));
  witness.check(look(longer));
});

it('lets it, where more was forged after it', () => {
  const { witness, chain } = afterReceiving();
  const longer = extend(chain.slice(0, -3), 4, { miner: 'rival' });
  const further = extend(longer, 2, { miner: 'victim' });
  witness.offered(longer.slice(-4));
  for (const { index, proof, previous_hash } of further.slice(-2))
    witness.forged({ index, proof, previous_hash: String(previous_hash) });
  witness.check(look(further));
});

it('lets no chain of others replace them that was shorter when it came', () => {
  const { witness, chain } = afterReceiving();
  const shorter = extend(chain.slice(0, -3), 2, { miner: 'rival' });
  witness.offered(shorter.slice(-2));
  expect(() => witness.check(look(extend(shorter, 2, { miner: 'victim' })))).toThrow(
    'the acknowledged block 6 is gone',
  );
});
