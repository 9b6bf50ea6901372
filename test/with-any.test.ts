import { getEventListeners, once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { withAny } from '../src/with-any.js';
import { collectGarbage } from './helpers/garbage.js';

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;
const untilAborted = async (signal: AbortSignal) => {
  await once(signal, 'abort');
  throw signal.reason;
};

describe('work that several may end', () => {
  it('ends with the reason of the first', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const work = withAny([first.signal, second.signal], untilAborted);
    second.abort(new Error('the second'));
    first.abort(new Error('the first'));
    await expect(work).rejects.toThrow('the second');
  });

  it('is aborted from the start where one of them was', async () => {
    const signals = [new AbortController().signal, AbortSignal.abort(new Error('before'))];
    await expect(withAny(signals, async (either) => either.throwIfAborted())).rejects.toThrow('before');
  });

  it('ends in time though garbage is collected meanwhile', async () => {
    const node = new AbortController();
    const work = withAny([node.signal, AbortSignal.timeout(100)], untilAborted);
    const ended = work.catch((error: Error) => error.name);
    for (let i = 0; i < 3; i++) {
      await turn();
      collectGarbage();
    }
    expect(await ended).toBe('TimeoutError');
  });

  it('leaves nothing behind on them, however it ended', async () => {
    const node = new AbortController();
    await withAny([node.signal], async (either) =>
      expect([either.aborted, listeners(node.signal)]).toEqual([false, 1]),
    );
    await withAny([node.signal], () => Promise.reject(new Error('failed'))).catch(() => undefined);
    await withAny([node.signal, AbortSignal.abort()], async () => undefined);
    expect(listeners(node.signal)).toBe(0);
  });
});
