/** The wall clock may be set at any time: nothing that waits or is counted may depend on it. */
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ephemeralKey } from '../../src/network/identity.js';
import { Shunned } from '../../src/network/shunned.js';
import { payment } from '../helpers/chains.js';
import { ISOLATED, Lan } from '../network/support.js';
import { startConnected, startNode, until, untilAgreed } from './support.js';

const HOUR_MS = 3_600_000;
const TODAY = Date.now();

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

function jump(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

describe.skipIf(!ISOLATED)('a clock that jumps', () => {
  it.each([
    ['an hour ahead', TODAY, HOUR_MS],
    ['an hour back', TODAY, -HOUR_MS],
    ['from 1970 to today, as where it has no battery,', 0, TODAY],
    ['from today to 1970', TODAY, -TODAY],
    ['to before 1970', TODAY, -TODAY - HOUR_MS],
  ])('%s changes nothing between nodes: blocks, payments and newcomers find their way', async (_, at, ms) => {
    vi.setSystemTime(at);
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

  it('from 1970 to today: whom a node has met before, it still knows where to find', async () => {
    const lan = new Lan();
    onTestFinished(() => lan.stop());
    vi.setSystemTime(0);
    const stays = await lan.started();
    const privateKey = await ephemeralKey();
    const comes = await lan.started({ privateKey, peers: stays.addresses() });
    await until(() => stays.peers().length === 1 && comes.peers().length === 1);
    const listen = comes.addresses().map((address) => address.replace(/\/p2p\/.*/, ''));
    jump(TODAY);
    await comes.stop();
    await until(() => stays.peers().length === 0);
    await lan.started({ privateKey, listen });
    await until(() => stays.peers().length === 1);
  });

  it('two hours back: peers are pinged as before, without which silence would end their connections', async () => {
    const lan = new Lan();
    onTestFinished(() => lan.stop());
    const one = await lan.started();
    await lan.started({ peers: one.addresses() });
    // A ping takes as many ms as the clock is looked at meanwhile, or none: so the next is told from the last.
    let now = Date.now();
    let step = 1;
    vi.spyOn(Date, 'now').mockImplementation(() => (now += step));
    onTestFinished(() => void vi.restoreAllMocks());
    const roundTrip = () => one.peers()[0]?.rttMs ?? -1;
    await until(() => roundTrip() > 0);
    now -= 2 * HOUR_MS;
    step = 0;
    await until(() => roundTrip() === 0);
    step = 1;
    await until(() => roundTrip() > 0);
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
