import { describe, expect, it } from 'vitest';
import { decodeBlock, MAX_BLOCK_BYTES } from '../../../src/chain/index.js';
import { ClockBook } from '../../../src/node/diagnosis/books.js';
import { nextBlock, payment, testNetwork } from '../../helpers/chains.js';
import { bytesAlive } from '../../helpers/garbage.js';

const NETWORK = testNetwork();
const COUNT = 20;

describe('the clocks of those who mine', () => {
  it('are kept without the blocks that told of them', () => {
    const clocks = new ClockBook();
    const payments = Array.from({ length: 1_500 }, () => payment('a'.repeat(256), 'b'.repeat(256)));
    const before = bytesAlive();
    for (let i = 0; i < COUNT; i++) {
      const { bytes } = nextBlock(NETWORK.genesis, {
        miner: `a miner whose name is as long as a peer id ${i}`,
        transactions: payments,
      });
      expect(bytes.length).toBeGreaterThan(0.8 * MAX_BLOCK_BYTES);
      clocks.arrived(decodeBlock(bytes), Date.now(), () => true);
    }
    expect(clocks.list()).toHaveLength(COUNT);
    expect(bytesAlive() - before).toBeLessThan((COUNT / 4) * MAX_BLOCK_BYTES);
  });
});
