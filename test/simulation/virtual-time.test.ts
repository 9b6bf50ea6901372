import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { EPOCH_MS, VirtualTime } from './virtual-time.js';

let restore = () => {};
afterEach(() => restore());

function virtual(): VirtualTime {
  const time = new VirtualTime();
  restore = time.install();
  return time;
}

describe('virtual time', () => {
  it('calls what is due in its order, at its time, once what came before is done', async () => {
    const time = virtual();
    const called: string[] = [];
    const call = (name: string) => called.push(`${name} at ${Date.now() - EPOCH_MS}`);
    setTimeout(() => call('late'), 20);
    setTimeout(async () => {
      for (let turn = 0; turn < 100; turn++) await null;
      call('early');
    }, 10);
    setTimeout(() => call('second'), 10);
    await time.pass(15);
    expect(called).toEqual(['early at 10', 'second at 10']);
    expect(performance.now()).toBe(15);
    await time.pass(15);
    expect(called.at(-1)).toBe('late at 20');
  });

  it('repeats an interval until it is cleared, and forgets a timer that is', async () => {
    const time = virtual();
    const at: number[] = [];
    const timer = setInterval(() => at.push(time.now), 10);
    clearTimeout(setTimeout(() => at.push(-1), 5));
    await time.pass(35);
    clearInterval(timer);
    await time.pass(35);
    expect(at).toEqual([10, 20, 30]);
  });

  it('passes for the promise of a delay, too, which may be aborted', async () => {
    const time = virtual();
    const leaving = new AbortController();
    const done: string[] = [];
    void delay(10, 'waited').then((value) => done.push(value));
    delay(20, undefined, { signal: leaving.signal }).catch(() => done.push('aborted'));
    await time.pass(15);
    leaving.abort();
    await time.pass(15);
    expect(done).toEqual(['waited', 'aborted']);
  });

  it('stops where what is waited for has come', async () => {
    const time = virtual();
    await time.pass(1_000, () => time.now >= 0);
    expect(time.now).toBe(0);
  });

  it('knows no chance', () => {
    virtual();
    expect(() => Math.random()).toThrow('cannot be repeated');
  });
});
