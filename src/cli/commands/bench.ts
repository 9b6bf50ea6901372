/** `bench`: how fast this machine mines, and what each zero more costs. */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import type { SpeedReport } from '../../mining/speed.js';
import { command } from '../command.js';
import { formatCount, formatDuration, formatRate, plural } from '../format.js';
import { difficultyRange } from '../option-values.js';
import { lineRoom, writeLine } from '../output.js';
import { showProgress } from '../progress.js';
import { type Column, table } from '../table.js';

interface BenchOptions {
  readonly difficulty: number[];
  readonly json?: true;
}

export function benchCommand(): Command {
  return command(
    'bench',
    'Measure how fast this machine mines, and what each zero more costs',
    'Tries a second of this program beside the obvious ways to do it, one after the other in the same run.',
    ['bench', 'bench --difficulty 4', 'bench --json'],
  )
    .option(
      '--difficulty <zeros>',
      'difficulties to measure, like 4 or 1..6',
      difficultyRange,
      difficultyRange('1..6'),
    )
    .option('--json', 'print the measurements as JSON')
    .action(bench);
}

const SECONDS = 12;

async function bench({ difficulty: difficulties, json }: BenchOptions): Promise<void> {
  // The threads of the miner are for this command alone.
  const { measureSpeed } = await import('../../mining/speed.js');
  const threads = availableParallelism();
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const end = showProgress('Measuring', () => ({ done: seconds(), total: SECONDS, text: '' }));
  // The threads of a search do not keep a process alive by themselves.
  const alive = setInterval(() => {}, 1000);
  let report: SpeedReport;
  try {
    report = await measureSpeed({ seconds: SECONDS, threads, difficulties });
  } finally {
    end();
    clearInterval(alive);
  }
  await writeLine(json ? JSON.stringify(report) : reportText(report, lineRoom()));
}

/** Exported for its test. */
export function reportText(report: SpeedReport, room: number | undefined): string {
  const { rates, costs, threads } = report;
  const { python } = rates;
  const baseline = python ?? rates.createHash;
  const rateRows = (
    [
      ['this program, all threads', threads, rates.allThreads],
      ['this program, one thread', 1, rates.oneThread],
      ["a loop over Node's crypto.hash", 1, rates.cryptoHash],
      ["a loop over Node's createHash", 1, rates.createHash],
      ["the tutorial's loop in Python", 1, python],
    ] as const
  ).flatMap(([way, used, rate]) =>
    rate === null ? [] : [[way, String(used), formatRate(rate), `${(rate / baseline).toFixed(1)} ×`]],
  );
  const costRows = costs.map(
    ({ difficulty, expectedTries, expectedSeconds, found, meanTries, meanSeconds }) => [
      String(difficulty),
      formatCount(expectedTries),
      formatDuration(expectedSeconds),
      formatCount(found),
      meanTries === null ? '' : formatCount(meanTries),
      meanSeconds === null ? '' : formatDuration(meanSeconds),
    ],
  );
  return [
    table(RATE_COLUMNS, rateRows, room),
    '',
    `What a proof costs, with ${plural(threads, 'thread')}: each zero more, 16 times as much.`,
    table(COST_COLUMNS, costRows, room),
    ...(python === null ? ['', "Python was not found: the tutorial's own loop is not measured."] : []),
  ].join('\n');
}

const RATE_COLUMNS: readonly Column[] = [
  { title: 'search' },
  { title: 'threads', align: 'right' },
  { title: 'tries a second', align: 'right' },
  { title: 'compared', align: 'right' },
];

const COST_COLUMNS: readonly Column[] = [
  { title: 'zeros', align: 'right' },
  { title: 'tries expected', align: 'right' },
  { title: 'time expected', align: 'right' },
  { title: 'proofs found', align: 'right', leftOut: 1 },
  { title: 'tries a proof', align: 'right' },
  { title: 'time a proof', align: 'right' },
];
