import { describe, expect, it } from 'vitest';
import { columnWidths } from '../../src/cli/column-widths.js';

const COLUMNS = [
  { width: 20, least: 10 },
  { width: 10, least: 10, leftOut: 2 },
  { width: 10, least: 10, leftOut: 1 },
  { width: 20, least: 5 },
];

describe('the columns of a table', () => {
  it.each([
    ['have all that they want', Number.POSITIVE_INFINITY, [20, 10, 10, 20]],
    ['have it where a line is just long enough', 71, [20, 10, 10, 20]],
    ['are cut, those at the right first', 70, [20, 10, 10, 19]],
    ['are cut to the least', 46, [10, 10, 10, 5]],
    [
      'are left out where that is not enough, in their turn, which makes room for others',
      45,
      [20, 10, undefined, 7],
    ],
    ['are left out one after the other', 32, [20, undefined, undefined, 7]],
    ['stay at the least where nothing helps', 10, [10, undefined, undefined, 5]],
  ])('%s', (_what, room, widths) => expect(columnWidths(COLUMNS, room)).toEqual(widths));
});
