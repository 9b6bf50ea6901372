/** The wall clock may be set at any time: nothing that waits or is counted may depend on it. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Shunned } from '../../src/network/shunned.js';
import { payment } from '../helpers/chains.js';
import { ISOLATED } from '../network/support.js';
import { startConnected, startNode, until, untilAgreed } from './support.js';

const HOUR_MS = 3_600_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

function jump(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

describe.skipIf(!ISOLATED)('a clock that jumps', () => {
  it.each([
    ['an hour ahead', HOUR_MS],
    ['an hour back', -HOUR_MS],
  ])('%s changes nothing between nodes: blocks, payments and newcomers find their way', async (_, ms) => {
    const [first, second] = await startConnected(2);
    await first!.mine();
    await untilAgreed([first!, second!], 2);
    const paid = payment();
    await first!.send(paid.toJSON());
    await until(() => second!.status().pending === 1);
    jump(ms);
    await second!.mine();
    await untilAgreed([first!, second!], 3);
    const third = await startNode({ peers: second!.addresses() });
    await untilAgreed([first!, second!, third], 3);
    jump(-ms);
    await third.send(payment().toJSON());
    await until(() => first!.status().pending > 0);
    await third.mine();
    await untilAgreed([first!, second!, third], 4);
    expect((await first!.transaction(paid.id))?.block).toBe(3);
  });
});

it('who was dropped may come back after a minute, also where the clock has been set back', () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout'] });
  const shunned = new Shunned();
  shunned.add('eve');
  jump(-HOUR_MS);
  expect(shunned.has('eve')).toBe(true);
  vi.advanceTimersByTime(61_000);
  expect(shunned.has('eve')).toBe(false);
});
