/** Mining by itself can be had and stopped while the node runs. */
import { describe, expect, it } from 'vitest';
import { MINING_PACE } from '../../src/control/schemas/mining.js';
import { ask, expectError, expectToMatch, HARD, post, startNode } from './support.js';

describe('automatic mining', () => {
  it('is off, unless the node was started with it', async () => {
    const { url } = await startNode();
    expect((await ask(`${url}/mining`)).json).toEqual({ every_seconds: null });
    const other = await startNode({ node: { mineEverySeconds: 3600 } });
    const { json } = await ask(`${other.url}/mining`);
    expect(json).toEqual({ every_seconds: 3600 });
    expectToMatch(json, MINING_PACE);
  });

  it('begins when it is asked for', async () => {
    const { url, node } = await startNode();
    const answer = await post(`${url}/mining`, '{"every_seconds": 0.1}');
    expect(answer).toMatchObject({ status: 200, json: { every_seconds: 0.1 } });
    await expect.poll(() => node.status().head.length, { timeout: 20_000 }).toBeGreaterThan(2);
  });

  it('ends when it is asked to, the search under way with it', async () => {
    const { url, node } = await startNode({ node: { network: HARD, mineEverySeconds: 0.001 } });
    await expect.poll(() => node.status().mining, { timeout: 20_000 }).not.toBeNull();
    expect((await post(`${url}/mining`, { every_seconds: null })).json).toEqual({ every_seconds: null });
    await expect.poll(() => node.status().mining, { timeout: 20_000 }).toBeNull();
  });

  it('leaves a search alone that somebody else asked for', async () => {
    const { url, node } = await startNode({ node: { network: HARD } });
    const giveUp = new AbortController();
    const mined = node.mine(giveUp.signal).catch((error: unknown) => error);
    await expect.poll(() => node.status().mining, { timeout: 20_000 }).not.toBeNull();
    const since = node.status().mining?.since;
    await post(`${url}/mining`, { every_seconds: 5.0 });
    await post(`${url}/mining`, { every_seconds: null });
    expect(node.status().mining?.since).toBe(since);
    giveUp.abort();
    await mined;
  });

  it.each(['{}', '[]', 'null', '{"every_seconds": "5"}', '{"every_seconds": 0}', '{"every_seconds": -1}'])(
    'is not asked for with %s',
    async (body) => {
      const { url } = await startNode();
      expectError(await post(`${url}/mining`, body), 400, /send \{"every_seconds": N\} with N from 0.1 to/);
    },
  );

  it.each(['{"every_seconds": 1e99}', '{"every_seconds": 5, "more": 1}', '{"every_seconds": 0.01}'])(
    'nor with %s',
    async (body) => {
      const { url } = await startNode();
      expectError(await post(`${url}/mining`, body), 400, /or null/);
      expect((await ask(`${url}/mining`)).json).toEqual({ every_seconds: null });
    },
  );
});
