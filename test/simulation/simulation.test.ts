import { afterEach, describe, expect, it, vi } from 'vitest';
import { MEMPOOL_LIMITS } from '../../src/chain/index.js';
import { LevelBlockStore } from '../../src/storage/level-block-store.js';
import { report } from './report.js';
import type { Step } from './scenario.js';
import { shrink } from './shrink.js';
import { enact, type Outcome, simulate } from './simulation.js';
import { CALM } from './weather.js';

const SEEDS = Array.from({ length: 100 }, (_, at) => at + 1);
/** Some seconds on an idle machine. */
const TIMEOUT_MS = 240_000;

const held = new Map<number, Outcome>();

/** What came of a seed when it was first told. */
async function hold(seed: number): Promise<Outcome> {
  const known = held.get(seed);
  if (known !== undefined) return known;
  const outcome = await simulate(seed);
  if (outcome.failure !== undefined)
    expect.fail(report(outcome, await shrink(outcome, (only) => simulate(seed, only))));
  held.set(seed, outcome);
  return outcome;
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
    ['crashes in the middle of a change of the head', /crashes in the middle of a change of its head/],
    ['crashes in the middle of a change of what is pending', /crashes in the middle of a change of what/],
    ['orderly ends', /has stopped/],
    ['payments that are sent twice', /answers (known|in-chain) to/],
    ['full mempools', /answers full to/],
    ['streams that break', /the stream broke off/],
    ['peers that are silent', /did not go on within/],
    ['peers that are busy', /too many requests/],
  ])('went through %s', async (_, line) => {
    let isMet = false;
    for (const seed of SEEDS) isMet ||= line.test((await hold(seed)).trace);
    expect(isMet).toBe(true);
  });
});

describe('a seed', { timeout: TIMEOUT_MS }, () => {
  it('tells the same story each time, byte for byte, whatever was told before', async () => {
    for (const seed of [3, 2, 1]) await hold(seed);
    for (const seed of [3, 2, 1, 3]) expect((await simulate(seed)).trace).toBe((await hold(seed)).trace);
  });

  it('tells another story than the next one', async () => {
    expect((await hold(1)).trace).not.toBe((await hold(2)).trace);
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

describe('the rest at the end', { timeout: TIMEOUT_MS }, () => {
  type Acts = readonly [at: number, act: Step['act']][];
  const apart: Acts[0] = [3_000, ({ network }) => network.split((name) => (name === 'A' ? 0 : 1))];

  // All is well again a second after the last step.
  it.each<[string, Acts]>([
    [
      'a block that is still searched for',
      [apart, [9_000, ({ nodes: [a], time }) => time.after(900, () => void a!.mine())]],
    ],
    [
      'a request that is stuck',
      [
        apart,
        [4_000, ({ nodes: [a, b] }) => [a, b].forEach((node) => void node!.mine())],
        [
          8_000,
          ({ network }) => {
            network.weather = { ...CALM, stalled: 1 };
            network.heal();
          },
        ],
      ],
    ],
    [
      'a crash that is about to come',
      [
        apart,
        [5_000, ({ nodes: [a, b] }) => [a, b, b].forEach((node) => void node!.mine())],
        [
          9_000,
          ({ nodes: [a], network }) => {
            a!.disk.slowestWriteMs = 500;
            a!.disk.setTrap({ prefix: 'meta/adoption', writes: 1, spring: () => a!.crash() });
            network.heal();
          },
        ],
      ],
    ],
  ])('does not begin before %s', async (_, acts) => {
    const steps = acts.map(([at, act], before) => ({ number: before + 1, at, what: 'see the test', act }));
    const scenario = { nodes: 4, mempoolLimits: MEMPOOL_LIMITS, pieceBlocks: 8_192, steps };
    for (const seed of SEEDS) {
      const { failure, trace } = await enact(scenario, seed);
      if (failure !== undefined) expect.fail(`with seed ${seed}\n${trace}`);
    }
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
