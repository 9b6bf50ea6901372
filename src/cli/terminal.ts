/** What may be done where a person reads along. */
import colors from 'picocolors';

/** Where something is shown: stdout, stderr, or what stands for them. */
export interface Shown {
  readonly isTTY?: boolean;
}

/** Takes away what stands in the line that the cursor is in, such as a progress bar. */
export const CLEAR_LINE = '\r\u001b[K';

/** Whether a line can be drawn anew: in a pipe, and at a terminal that calls itself dumb, all stays as it was written. */
export function canRedraw({ isTTY }: Shown): boolean {
  return isTTY === true && process.env.TERM !== 'dumb';
}

/** Whether there is colour; NO_COLOR as https://no-color.org has it. */
export function hasColours(shown: Shown): boolean {
  return canRedraw(shown) && !process.env.NO_COLOR;
}

export function paintFor(shown: Shown): typeof colors {
  return colors.createColors(hasColours(shown)) as typeof colors;
}

/** For what goes to stdout. */
export const paint = paintFor(process.stdout);
