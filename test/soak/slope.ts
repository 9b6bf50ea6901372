/** How fast something grows, whatever single values do: the Theil-Sen estimator with Sen's confidence interval. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Slope {
  /** The median of the slopes between all pairs; in units of y a unit of x. */
  readonly estimate: number;
  /** With a probability of 95 % the slope is between these, if the points' errors are independent. */
  readonly low: number;
  readonly high: number;
}

/** The standard normal distribution's quantile for 95 %, two-sided. */
const Z = 1.96;
/** With fewer points there is no interval. */
const MIN_POINTS = 5;

/** P. K. Sen, Estimates of the regression coefficient based on Kendall's tau, 1968. @returns undefined for too few points */
export function slopeOf(points: readonly Point[]): Slope | undefined {
  const n = points.length;
  if (n < MIN_POINTS) return undefined;
  const slopes: number[] = [];
  for (const [i, a] of points.entries())
    for (const b of points.slice(i + 1)) if (b.x !== a.x) slopes.push((b.y - a.y) / (b.x - a.x));
  slopes.sort((a, b) => a - b);
  const spread = Z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const at = (rank: number) => slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(rank)))] as number;
  const half = slopes.length / 2;
  return { estimate: median(slopes), low: at(half - spread / 2 - 1), high: at(half + spread / 2) };
}

/** @param sorted ascending, at least one */
function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}
