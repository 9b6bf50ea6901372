/** What an event that is kept holds: no more than it says. */
import { describe, expect, it } from 'vitest';
import { type Block, decodeBlock } from '../../../src/chain/index.js';
import { FRAMES } from '../../../src/control/events/frames.js';
import { nextBlock, payment, testNetwork } from '../../helpers/chains.js';
import { bytesAlive } from '../../helpers/garbage.js';

const MIB = 1 << 20;
const BLOCKS = 24;

/** Of some 600 KB, made as when it comes from a peer: of its bytes. */
function largeBlock(miner: string): Block {
  const { genesis } = testNetwork();
  const transactions = Array.from({ length: 900 }, () => payment('a'.repeat(256), 'b'.repeat(256)));
  return decodeBlock(nextBlock(genesis, { transactions, miner }).bytes);
}

describe('the frame of an event', () => {
  it('of a fork holds nothing of the block: many large ones beside our chain weigh next to nothing', () => {
    const head = { length: 1, hash: '0'.repeat(64), proof: 100 };
    const before = bytesAlive();
    const frames = Array.from({ length: BLOCKS }, (_, at) =>
      FRAMES.fork({ block: largeBlock(`the miner of ${at}`), fork: 1, head, from: 'peer', at: 0 }),
    );
    expect(bytesAlive() - before).toBeLessThan(4 * MIB);
    expect(frames.map((frame) => JSON.parse(frame.data()).miner)).toContain('the miner of 7');
  });
});
