/** What came of it: a table for people, fit for bench/README.md, and JSON. */
import { percentile } from '../helpers/percentile.js';
import type { Part, Samples } from './samples.js';
import { type Point, type Slope, slopeOf } from './slope.js';

/** What is shown to grow more slowly, in MiB an hour, is called flat: so much the chain's growth may cost. */
const FLAT_MIB_PER_HOUR = 4;
/** A process has warmed up after this share of the time. */
const WARM_UP = 0.2;

/** All nodes have one head, and every transaction that was acknowledged. */
export interface Settled {
  /** How long that took. */
  readonly seconds: number;
  /** Of the chain. */
  readonly length: number;
}

export interface Amiss {
  /** Why the nodes are not of one mind, or what is lost. */
  readonly fault: string;
}

/** How it ended. */
export type End = Settled | Amiss;

export interface Run {
  readonly minutes: number;
  readonly seed: number;
  readonly nodes: number;
  /** Names of the nodes that ran all the time. */
  readonly veterans: readonly string[];
  readonly counts: ReadonlyMap<string, number>;
  readonly samples: Samples;
  readonly acknowledged: number;
  readonly end: End;
  readonly complaints: readonly string[];
}

/** How memory went on. */
export interface Trend {
  /** MiB after the warm-up, and at the end. */
  readonly warm: number;
  readonly last: number;
  /** MiB an hour, after the warm-up. */
  readonly slope: Slope | undefined;
  /** MiB at minutes since the begin. */
  readonly points: readonly Point[];
}

/** A node that ran all the time, and what it weighed each time its garbage was just collected. */
export interface Veteran {
  readonly node: string;
  readonly weight: Readonly<Record<Part, Trend>>;
  /** Whether its data grow no more in the end; undefined where that cannot be told. */
  readonly isFlat: boolean | undefined;
}

export interface Report extends Omit<Run, 'counts' | 'samples' | 'veterans'> {
  readonly counts: Record<string, number>;
  readonly veterans: readonly Veteran[];
  readonly mostMemory: number;
  readonly latency: Record<'p50' | 'p95' | 'p99' | 'max', number>;
  readonly answers: number;
  readonly unanswered: number;
}

export function reportOf({ counts, samples, veterans, ...run }: Run): Report {
  const { latencies, unanswered, memory } = samples;
  return {
    ...run,
    counts: Object.fromEntries([...counts].sort()),
    veterans: veterans.map((node) => veteran(node, samples)),
    mostMemory: Math.max(...[...memory.values()].flat().map(({ y }) => y)),
    latency: {
      p50: percentile(latencies, 0.5),
      p95: percentile(latencies, 0.95),
      p99: percentile(latencies, 0.99),
      max: percentile(latencies, 1),
    },
    answers: latencies.length,
    unanswered,
  };
}

function veteran(node: string, { weights }: Samples): Veteran {
  const of = (part: Part) => trendOf(weights.get(part)?.get(node) ?? []);
  const weight = {
    resident: of('resident'),
    held: of('held'),
    mapped: of('mapped'),
    compiled: of('compiled'),
    data: of('data'),
  };
  const { slope } = weight.data;
  return { node, weight, isFlat: slope && isFlat(slope) };
}

/** @returns undefined where the slope may be more or less than that */
function isFlat({ low, high }: Slope): boolean | undefined {
  if (low >= FLAT_MIB_PER_HOUR) return false;
  return high < FLAT_MIB_PER_HOUR ? true : undefined;
}

function trendOf(points: readonly Point[]): Trend {
  const end = points.at(-1)?.x ?? 0;
  const warm = points.filter(({ x }) => x >= WARM_UP * end);
  return {
    warm: warm[0]?.y ?? Number.NaN,
    last: warm.at(-1)?.y ?? Number.NaN,
    slope: slopeOf(warm.map(({ x, y }) => ({ x: x / 60, y }))),
    points,
  };
}

export function reportText(report: Report): string {
  const { latency, counts } = report;
  const attacks = Object.entries(counts).filter(([name]) => name.startsWith('attack'));
  const count = (name: string) => counts[name] ?? 0;
  const rows: [string, string][] = [
    ['nodes, time', `${report.nodes}, ${report.minutes.toFixed(0)} min (seed ${report.seed})`],
    ['kills, stops, splits, cuts', `${count('kill')}, ${count('stop')}, ${count('split')}, ${count('cut')}`],
    [
      'attacks',
      `${attacks.reduce((sum, [, n]) => sum + n, 0)} (${attacks.map(([name, n]) => `${name.slice(8)} ${n}`).join(', ')})`,
    ],
    ...endRows(report),
    [
      '`/status` p50, p95, p99, max',
      `${[latency.p50, latency.p95, latency.p99, latency.max].map((ms) => ms.toFixed(1)).join(', ')} ms of ${report.answers}; unanswered ${report.unanswered}`,
    ],
    ['most memory of any node', `${report.mostMemory.toFixed(0)} MiB`],
    ...report.veterans.flatMap(veteranRows),
    ['errors in the logs', String(report.complaints.length)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `| ${name.padEnd(width)} | ${value} |`);
  return [`| ${'what'.padEnd(width)} | measured |`, `| ${'-'.repeat(width)} | --- |`, ...lines].join('\n');
}

function veteranRows({ node, weight, isFlat }: Veteran): [string, string][] {
  const verdict = isFlat === undefined ? 'cannot be told' : isFlat ? 'flat' : 'GROWS';
  return [
    [`${node} after a collection`, trendText(weight.resident)],
    ["  without V8's spare room", trendText(weight.held)],
    ['    of it mapped files', trendText(weight.mapped)],
    ['    of it compiled code', trendText(weight.compiled)],
    ['    of it data', `${trendText(weight.data)}: ${verdict}`],
  ];
}

function endRows({ end, acknowledged }: Report): [string, string][] {
  if ('fault' in end) return [['transactions acknowledged', `NOT SHOWN of ${acknowledged}: ${end.fault}`]];
  return [
    [
      'blocks, transactions acknowledged',
      `${end.length}, ${acknowledged}: all there, once each, on every node`,
    ],
    ['one head on all, after the end', `${end.seconds.toFixed(1)} s`],
  ];
}

function trendText({ warm, last, slope }: Trend): string {
  return `${warm.toFixed(0)} to ${last.toFixed(0)} MiB, ${slopeText(slope)}`;
}

function slopeText(slope: Slope | undefined): string {
  if (slope === undefined) return 'too short to tell a slope';
  const [estimate, low, high] = [slope.estimate, slope.low, slope.high].map((value) => value.toFixed(1));
  return `${estimate} MiB/h (95 %: ${low} to ${high})`;
}
