import { afterEach, describe, expect, it, vi } from 'vitest';
import { LevelBlockStore } from '../../src/storage/level-block-store.js';
import { report } from './report.js';
import { shrink } from './shrink.js';
import { type Outcome, simulate } from './simulation.js';

const SEEDS = Array.from({ length: 100 }, (_, at) => at + 1);
/** Some seconds on an idle machine. */
const TIMEOUT_MS = 240_000;

const held = new Map<number, Outcome>();

async function hold(seed: number): Promise<void> {
  const outcome = await simulate(seed);
  if (outcome.failure !== undefined)
    expect.fail(report(outcome, await shrink(outcome, (only) => simulate(seed, only))));
  held.set(seed, outcome);
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('nodes on a network that loses, doubles, reorders and falls apart', { timeout: TIMEOUT_MS }, () => {
  it(`agree in the end and have lost nothing, whatever happened (${SEEDS.length} seeds)`, async () => {
    for (const seed of SEEDS) await hold(seed);
  });

  it.each([
    ['reorganisations that return payments', /adopts .* [1-9]\d* blocks .* [1-9]\d* payments return/],
    ['ties', /keeps .* aside/],
    ['chains that are fetched', /appends .* by sync/],
    ['crashes in the middle of an adoption', /crashes in the middle of an adoption/],
    ['orderly ends', /has stopped/],
    ['payments that are sent twice', /answers (known|in-chain) to/],
    ['full mempools', /answers full to/],
    ['streams that break', /the stream broke off/],
    ['peers that are silent', /did not go on within/],
    ['peers that are busy', /too many requests/],
  ])('went through %s', (_, line) => {
    expect([...held.values()].some(({ trace }) => line.test(trace))).toBe(true);
  });
});

describe('a seed', { timeout: TIMEOUT_MS }, () => {
  it('tells the same story each time, byte for byte, whatever was told before', async () => {
    for (const seed of [3, 2, 1, 3]) expect((await simulate(seed)).trace).toBe(held.get(seed)!.trace);
  });

  it('tells another story than the next one', () => {
    expect(held.get(1)!.trace).not.toBe(held.get(2)!.trace);
  });

  it('leaves the clock, the timers and chance as they were', async () => {
    const before = [
      setTimeout,
      clearTimeout,
      setInterval,
      clearInterval,
      Date.now,
      performance.now,
      Math.random,
    ];
    await simulate(1);
    expect([
      setTimeout,
      clearTimeout,
      setInterval,
      clearInterval,
      Date.now,
      performance.now,
      Math.random,
    ]).toEqual(before);
  });
});

describe('a node that loses what a reorganisation returns', { timeout: TIMEOUT_MS }, () => {
  it('is found, with the few steps that matter and how to replay them', async () => {
    const { adopt } = LevelBlockStore.prototype;
    vi.spyOn(LevelBlockStore.prototype, 'adopt').mockImplementation(async function (
      this: LevelBlockStore,
      ...args
    ) {
      return { ...(await adopt.apply(this, args)), returned: [] };
    });
    let failed: Outcome | undefined;
    for (const seed of SEEDS) {
      const outcome = await simulate(seed);
      if (outcome.failure !== undefined) failed = outcome;
      if (failed !== undefined) break;
    }
    expect(failed).toBeDefined();
    const shrunk = await shrink(failed!, (only) => simulate(failed!.seed, only));
    expect(shrunk.failure).toBeDefined();
    expect(shrunk.steps.length).toBeLessThan(failed!.steps.length);
    const numbers = shrunk.steps.map(({ number }) => number).join(',');
    expect(report(failed!, shrunk)).toContain(
      `npm run simulate -- --seed ${failed!.seed} --steps ${numbers}\n`,
    );
  });
});
