import { describe, expect, it } from 'vitest';
import { PackedBlocks } from '../../src/node/packed-blocks.js';

const message = Buffer.from('..first..second.third.');
const parts = [message.subarray(2, 7), message.subarray(9, 15), message.subarray(16, 21)];
const texts = (blocks: Iterable<Uint8Array>) => [...blocks].map((block) => Buffer.from(block).toString());

describe('blocks packed', () => {
  it.each([
    ['in the order in which their message has them', parts],
    ['in another order', parts.toReversed()],
    ['each in memory of its own', parts.map((part) => Uint8Array.from(part))],
    ['one alone', parts.slice(1, 2)],
    ['none', []],
  ])('%s, are the same when they are taken out', (_, blocks) => {
    const packed = new PackedBlocks(blocks);
    expect(texts(packed)).toEqual(texts(blocks));
    expect(packed.last && texts([packed.last])).toEqual(
      blocks.length > 0 ? texts(blocks.slice(-1)) : undefined,
    );
  });

  it('that are parts of one message are not copied', () => {
    const [first] = new PackedBlocks(parts);
    expect(first?.buffer).toBe(message.buffer);
  });
});
