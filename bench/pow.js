// The proof search: tries a second beside its baselines, what threads add, what is tried in vain, how soon it can be ended.
import { execFileSync } from 'node:child_process';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { MAX_DIFFICULTY } from '../dist/src/chain/proof.js';
import { SearchPool } from '../dist/src/mining/pool.js';
import { measureRates, randomProof } from '../dist/src/mining/rates.js';
import { search } from '../dist/src/mining/search.js';
import { SharedSearch } from '../dist/src/mining/shared-search.js';
import { median } from './report.js';

const THREADS = 2;
const DIFFICULTIES = [1, 2, 3, 4, 5];

/** @param {{quick: boolean}} options @returns {Promise<import('./report.js').Report>} */
export async function measure({ quick }) {
  // The threads of a search do not keep a process alive by themselves.
  const alive = setInterval(() => {}, 1000);
  const one = new SearchPool(1);
  const two = new SearchPool(THREADS);
  try {
    const rates = await measureRates({
      threads: THREADS,
      repetitions: quick ? 3 : 9,
      ms: quick ? 3000 : 30_000,
    });
    await warm(one);
    await warm(two);
    return {
      bench: 'pow',
      figures: [
        ...rateFigures(rates),
        ...(await blockFigures(one, two, quick ? 20 : 500)),
        ...(await wasteFigures(two, quick ? 20 : 200)),
        await cancelFigure(two, quick ? 1 : 10),
        firstFigure(quick ? 1 : 5),
      ],
      notes: [
        'Ratios of rates are medians over pairs of one repetition; every last proof is random.',
        'Tried in vain: what both threads tried beyond the smallest proof, of all they tried.',
      ],
    };
  } finally {
    await Promise.all([one.stop(), two.stop()]);
    clearInterval(alive);
  }
}

function rateFigures(rates) {
  const beside = (name, what, must) => ({
    what: 'one thread',
    value: median(rates.map(({ oneThread }) => oneThread)),
    unit: 'tries/s',
    baseline: { what, value: median(rates.map((rate) => rate[name])) },
    ratio: median(rates.map((rate) => rate.oneThread / rate[name])),
    must,
  });
  return [
    ...(rates[0].python === null
      ? []
      : [beside('python', 'the tutorial’s Python loop', { least: 8, of: 'ratio' })]),
    beside('cryptoHash', 'a loop of crypto.hash (our plain search)', { least: 4.5, of: 'ratio' }),
    beside('createHash', 'a loop of createHash'),
    {
      ...beside('oneThread', 'one thread', { least: 1.8, of: 'ratio' }),
      what: 'two threads',
      value: median(rates.map(({ allThreads }) => allThreads)),
      ratio: median(rates.map(({ allThreads, oneThread }) => allThreads / oneThread)),
    },
  ];
}

/** How long blocks take that follow one another, each after a random proof. */
async function blockFigures(one, two, count) {
  const times = { one: 0, two: 0, plain: 0 };
  let plainCount = 0;
  for (let i = 0; i < count; i++) {
    const lastProof = randomProof();
    times.one += await timed(() => find(one, lastProof, 4));
    times.two += await timed(() => find(two, lastProof, 4));
    if (i % 10 > 0) continue;
    plainCount++;
    times.plain += await timed(() => search(lastProof, 4, 0, 2 ** 53));
  }
  const figure = (threads, total, baseline) => ({
    what: `a block at difficulty 4, ${threads}, mean of ${count}`,
    value: total / count,
    unit: 'ms',
    baseline,
  });
  return [
    figure('one thread', times.one, { what: 'the plain search', value: times.plain / plainCount }),
    figure('two threads', times.two, { what: 'one thread', value: times.one / count }),
  ];
}

async function wasteFigures(pool, count) {
  const figures = [];
  for (const difficulty of DIFFICULTIES) {
    let tried = 0;
    let needed = 0;
    for (let i = 0; i < count / (difficulty === 5 ? 10 : 1); i++) {
      const shared = await find(pool, randomProof(), difficulty);
      tried += shared.tried;
      needed += shared.best + 1;
    }
    figures.push({
      what: `tried in vain, difficulty ${difficulty}`,
      value: (100 * (tried - needed)) / tried,
      unit: '%',
    });
  }
  return figures;
}

/** From the word to cancel until all threads are free, while they are at work; the slowest at any difficulty. */
async function cancelFigure(pool, count) {
  const times = [];
  for (let i = 0; i < count; i++) {
    for (let difficulty = 0; difficulty <= MAX_DIFFICULTY; difficulty++) {
      const shared = SharedSearch.over(randomProof(), difficulty);
      const run = pool.run(shared);
      while (shared.tried === 0) await turn();
      times.push(
        await timed(() => {
          shared.cancel();
          return run;
        }),
      );
    }
  }
  return {
    what: `cancelled, slowest of ${times.length}`,
    value: Math.max(...times),
    unit: 'ms',
    must: { most: 20, of: 'value' },
  };
}

/** What a new process waits for its first proof, threads and compiler included, and for one more. */
function firstFigure(count) {
  const program = `
    import { Miner } from '${new URL('../dist/src/mining/miner.js', import.meta.url)}';
    const miner = new Miner({ threads: ${THREADS} });
    for (const lastProof of [100, 100]) {
      const start = performance.now();
      await miner.search(lastProof, 4);
      console.log(performance.now() - start);
    }`;
  const samples = Array.from({ length: count }, () =>
    execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number),
  );
  return {
    what: 'the first block of a process, two threads',
    value: median(samples.map(([first]) => first)),
    unit: 'ms',
    baseline: { what: 'the same again', value: median(samples.map(([, again]) => again)) },
  };
}

async function find(pool, lastProof, difficulty) {
  const shared = SharedSearch.over(lastProof, difficulty);
  await pool.run(shared);
  return shared;
}

/** Until V8 has compiled the search as well as it can. */
async function warm(pool) {
  const shared = SharedSearch.over(randomProof(), MAX_DIFFICULTY);
  const run = pool.run(shared);
  await delay(300);
  shared.cancel();
  await run;
}

/** @returns ms */
async function timed(action) {
  const start = performance.now();
  await action();
  return performance.now() - start;
}
