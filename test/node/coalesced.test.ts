import '../../src/network/with-resolvers.js';
import { describe, expect, it } from 'vitest';
import { Coalesced } from '../../src/node/coalesced.js';

/** Tasks that end when they are told to. */
function controlled() {
  const started: PromiseWithResolvers<number>[] = [];
  const task = () => {
    const run = Promise.withResolvers<number>();
    started.push(run);
    return run.promise;
  };
  return { started, task };
}

describe('coalesced runs', () => {
  it('share one more run while one is under way, and begin anew after that', async () => {
    const { started, task } = controlled();
    const runs = new Coalesced<number>();
    const first = runs.run('a', task);
    const second = runs.run('a', task);
    const third = runs.run('a', task);
    expect(started).toHaveLength(1);
    started[0]?.resolve(1);
    expect(await first).toBe(1);
    await expect.poll(() => started.length).toBe(2);
    started[1]?.resolve(2);
    expect(await Promise.all([second, third])).toEqual([2, 2]);
    const fourth = runs.run('a', task);
    expect(started).toHaveLength(3);
    started[2]?.resolve(3);
    expect(await fourth).toBe(3);
  });

  it('of different keys know nothing of each other', () => {
    const { started, task } = controlled();
    const runs = new Coalesced<number>();
    void runs.run('a', task);
    void runs.run('b', task);
    expect(started).toHaveLength(2);
  });

  it('go on after a run that failed', async () => {
    const { started, task } = controlled();
    const runs = new Coalesced<number>();
    const first = runs.run('a', task);
    const second = runs.run('a', task);
    started[0]?.reject(new Error('failed'));
    await expect(first).rejects.toThrow('failed');
    await expect.poll(() => started.length).toBe(2);
    started[1]?.resolve(2);
    expect(await second).toBe(2);
  });
});
