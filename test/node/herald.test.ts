import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MINED_REST_LONGEST_MS, MINED_REST_MS } from '../../src/node/constants.js';
import { Herald } from '../../src/node/herald.js';
import { chainOf, testNetwork } from '../helpers/chains.js';

const [, BLOCK] = chainOf(testNetwork(), 2);

/** @param reached by gossip */
function heraldAmong(connected: string[], reached: string[]) {
  const publish = vi.fn(async () => reached);
  const exchangeHeads = vi.fn();
  return { herald: new Herald(publish, () => connected, exchangeHeads), publish, exchangeHeads };
}

describe('of a block that was mined here', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('peers are told by gossip, and asked for their heads when no other has followed for a while', async () => {
    const { herald, publish, exchangeHeads } = heraldAmong(['a', 'b'], ['b', 'a']);
    await herald.tell(BLOCK!);
    expect(publish).toHaveBeenCalledWith(BLOCK);
    vi.advanceTimersByTime(MINED_REST_MS - 1);
    await herald.tell(BLOCK!);
    vi.advanceTimersByTime(MINED_REST_MS - 1);
    expect(exchangeHeads).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(exchangeHeads).toHaveBeenCalledOnce();
  });

  it('peers are asked later where blocks of peers follow, but not for ever', async () => {
    const { herald, exchangeHeads } = heraldAmong(['a'], ['a']);
    herald.followed();
    await herald.tell(BLOCK!);
    for (let ms = MINED_REST_MS - 1; ms < MINED_REST_LONGEST_MS; ms += MINED_REST_MS - 1) {
      vi.advanceTimersByTime(MINED_REST_MS - 1);
      herald.followed();
    }
    expect(exchangeHeads).not.toHaveBeenCalled();
    vi.advanceTimersByTime(MINED_REST_MS - 1);
    expect(exchangeHeads).toHaveBeenCalledOnce();
    herald.followed();
    vi.advanceTimersByTime(MINED_REST_LONGEST_MS);
    expect(exchangeHeads).toHaveBeenCalledOnce();
  });

  it.each([
    ['one of them does not listen to gossip', ['a']],
    ['publishing failed', []],
  ])('peers are told at once by an exchange of heads where %s', async (_, reached) => {
    const { herald, exchangeHeads } = heraldAmong(['a', 'b'], reached);
    await herald.tell(BLOCK!);
    expect(exchangeHeads).toHaveBeenCalledOnce();
  });

  it('nothing more is told after the stop', async () => {
    const { herald, exchangeHeads } = heraldAmong(['a'], ['a']);
    await herald.tell(BLOCK!);
    herald.stop();
    vi.advanceTimersByTime(MINED_REST_MS);
    expect(exchangeHeads).not.toHaveBeenCalled();
  });
});
