import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SILENT } from '../../src/log.js';
import { ROOM_BYTES, ROOM_LOOK_MS } from '../../src/node/constants.js';
import { Recovery } from '../../src/node/recovery.js';
import { StorageError } from '../../src/storage/index.js';
import { scratch, until } from './support.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** Of a disk whose numbers tell of room enough. */
function recoveryOf(tryRoom: (directory: string, bytes: number) => Promise<boolean>) {
  const directory = scratch();
  const restart = vi.fn(async () => {});
  const tried = vi.fn(tryRoom);
  return { directory, restart, tried, recovery: new Recovery(directory, restart, SILENT, tried) };
}

/** Time passes until so many tries were made. */
async function untilTried({ tried }: ReturnType<typeof recoveryOf>, times: number): Promise<void> {
  await until(() => {
    vi.advanceTimersByTime(ROOM_LOOK_MS);
    return tried.mock.calls.length >= times;
  });
  await turn();
}

describe('a node whose disk has refused a write', () => {
  it('is left as it is while its disk takes nothing, whatever room there is said to be, and goes on then', async () => {
    let isFull = true;
    const test = recoveryOf(async () => !isFull);
    test.recovery.begin();
    await untilTried(test, 3);
    expect(test.restart).not.toHaveBeenCalled();
    expect(test.tried).toHaveBeenCalledWith(test.directory, ROOM_BYTES);
    isFull = false;
    await untilTried(test, 4);
    expect(test.restart).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(10 * ROOM_LOOK_MS);
    await turn();
    expect(test.tried).toHaveBeenCalledTimes(4);
  });

  it('is looked at again where it cannot be opened yet', async () => {
    const test = recoveryOf(async () => true);
    test.restart.mockRejectedValueOnce(new StorageError('not-writable', 'why'));
    test.recovery.begin();
    await untilTried(test, 2);
    await until(() => test.restart.mock.calls.length === 2);
  });

  it('is looked at no more where what it has is found damaged, for which no room helps', async () => {
    const test = recoveryOf(async () => true);
    test.restart.mockRejectedValue(new StorageError('damaged', 'why'));
    test.recovery.begin();
    await untilTried(test, 1);
    await until(() => test.restart.mock.calls.length === 1);
    await turn();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not started again where it was stopped while its disk was tried', async () => {
    const test = recoveryOf(async () => {
      test.recovery.stop();
      return true;
    });
    test.recovery.begin();
    await untilTried(test, 1);
    expect(test.restart).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
