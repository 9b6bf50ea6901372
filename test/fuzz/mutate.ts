/** Spoils an input: what a broken or malicious writer makes of it, in text or in bytes. */
import type { Dice } from '../helpers/dice.js';

type Mutation = (input: Buffer, dice: Dice, pool: readonly Uint8Array[]) => Buffer;

/** No input grows beyond this by mutation, in bytes: above what any of the parsers takes in its smallest limit, and quick. */
export const MAX_MUTANT_BYTES = 256 << 10;
/** Of so many inputs one is made large: where time grows faster than size, only a large one shows it. */
const LARGE_ONE_IN = 1_000;

/** Numbers where kinds, sizes and notations change. */
const NUMBERS = [
  ...['0', '-0', '-1', '1.0', '5.0', '00', '01', '1.', '.5', '+1', '0x10', 'NaN', 'Infinity', '-Infinity'],
  ...['1e5', '1E+5', '1e-7', '1e16', '1e400', '-1e400', '1e-400', '5e-324', '1.7976931348623157e308'],
  ...['127', '128', '255', '256', '65535', '65536', '2147483647', '2147483648', '4294967295', '4294967296'],
  ...['9007199254740991', '9007199254740992', '9007199254740993', '9007199254740991.0', '0.1', '1e23'],
  ...['18446744073709551615', '18446744073709551616', '9'.repeat(40), '9'.repeat(400), '9'.repeat(4_301)],
];

/** Texts on which parsers of text, of paths and of addresses have stumbled. */
const WORDS = [
  ...['null', 'true', 'false', '[]', '{}', '""', '"__proto__": 1', '__proto__', 'constructor', 'toJSON'],
  ...[
    'hasOwnProperty',
    'toString',
    '\\u0000',
    '\\ud800',
    '\\udc00\\ud800',
    '\\uD83D\\uDE00',
    '\\u00E9',
    '\\/',
  ],
  ...[
    '\\x41',
    '\\',
    '"',
    "'",
    ', ',
    ': ',
    ',,',
    '/*',
    '//',
    '#',
    '?',
    '&',
    '=',
    ';',
    '%',
    '%00',
    '%2e%2e%2f',
  ],
  ...[
    '../',
    '/p2p/',
    '/tcp/',
    '/ip4/',
    '/dns/',
    '/ip6zone/',
    '/unix/',
    '\r\n',
    '\n\n',
    '\0',
    '\x7f',
    '\t',
    ' ',
  ],
  ...['é', 'ß', '😀', '\u2028', '\u202e', '\ufeff', '\ufffe', 'İ', 'e\u0301', '٣', '１'],
].map((word) => Buffer.from(word));

/** Bytes that are no UTF-8, lengths that lie, and varints at their limits. */
const BYTES = [
  ...['c080', 'c3', 'eda080', 'edb080', 'f4908080', 'f8888080', 'ff', 'fe', '80', 'efbbbf', 'fffe', '0000'],
  ...[
    'ffffffff0f',
    'ffffffff7f',
    '8080808000',
    'ffffffffffffffff01',
    'ffffffffffffffffff01',
    '808080808080808080',
  ],
  ...['7fffffff', '80000000', 'ffffffff', '00', '0b', '0c', 'c00c', 'c000', '3fff', 'ffffff7f'],
].map((hex) => Buffer.from(hex, 'hex'));

/** What nests: an opening, and how it is closed. */
const NESTS = [
  ['[', ']'],
  ['{"a":', '}'],
  ['[[],', ']'],
  ['{"transactions": [', ']}'],
  ['\x0b', '\x0c'],
  ['\x12\x7f', ''],
] as const;
const DEPTHS = [1, 2, 31, 32, 33, 64, 1_000, 10_000];

const MUTATIONS: readonly Mutation[] = [
  function flipBit(input, dice) {
    if (input.length === 0) return input;
    const result = Buffer.from(input);
    const at = dice.below(result.length);
    result[at]! ^= 1 << dice.below(8);
    return result;
  },
  function setByte(input, dice) {
    if (input.length === 0) return input;
    const result = Buffer.from(input);
    result[dice.below(result.length)] = dice.below(256);
    return result;
  },
  function truncate(input, dice) {
    return dice.below(2) === 0
      ? input.subarray(0, dice.below(input.length + 1))
      : input.subarray(dice.below(8));
  },
  function cut(input, dice) {
    const [start, end] = span(input, dice);
    return Buffer.concat([input.subarray(0, start), input.subarray(end)]);
  },
  function duplicate(input, dice) {
    const [start, end] = span(input, dice);
    const times = dice.of([1, 1, 1, 2, 8, 100]);
    return replaced(input, end, end, repeated(input.subarray(start, end), times));
  },
  function swap(input, dice) {
    const [start, end] = span(input, dice);
    const middle = start + dice.below(end - start + 1);
    const turned = Buffer.concat([input.subarray(middle, end), input.subarray(start, middle)]);
    return replaced(input, start, end, turned);
  },
  function splice(input, dice, pool) {
    const other = dice.of(pool);
    const [from, to] = span(other, dice);
    const [start, end] = span(input, dice);
    return replaced(input, start, dice.below(2) === 0 ? start : end, other.subarray(from, to));
  },
  function cross(input, dice, pool) {
    const other = dice.of(pool);
    return Buffer.concat([
      input.subarray(0, dice.below(input.length + 1)),
      other.subarray(dice.below(other.length + 1)),
    ]);
  },
  function number(input, dice) {
    const found = [...input.toString('latin1').matchAll(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)];
    if (found.length === 0) return input;
    const { index, 0: text } = dice.of(found);
    return replaced(input, index, index + text.length, Buffer.from(dice.of(NUMBERS)));
  },
  function word(input, dice) {
    return put(input, dice, dice.of(WORDS));
  },
  function bytes(input, dice) {
    return put(input, dice, dice.of(BYTES));
  },
  function nest(input, dice) {
    const [open, close] = dice.of(NESTS);
    const depth = dice.of(DEPTHS);
    const [start, end] = span(input, dice);
    const inner = [Buffer.from(open.repeat(depth), 'latin1'), input.subarray(start, end)];
    return replaced(input, start, end, Buffer.concat([...inner, Buffer.from(close.repeat(depth), 'latin1')]));
  },
];

/**
 * One mutation of an input, or a few; the same dice make the same of it.
 *
 * @param pool other inputs, from which pieces are taken
 */
export function mutate(input: Uint8Array, pool: readonly Uint8Array[], dice: Dice): Uint8Array {
  let result: Buffer = Buffer.from(input);
  if (dice.below(LARGE_ONE_IN) === 0) result = enlarged(result, dice);
  for (let count = dice.of([1, 1, 1, 2, 4]); count > 0; count--)
    result = bounded(dice.of(MUTATIONS)(result, dice, pool));
  return result;
}

/** A piece of it a great many times, so that the whole is large. */
function enlarged(input: Buffer, dice: Dice): Buffer {
  const [start, end] = span(input, dice);
  if (start === end) return input;
  const size = dice.of([10 << 10, 100 << 10, MAX_MUTANT_BYTES / 2]);
  return bounded(
    replaced(input, start, end, repeated(input.subarray(start, end), Math.ceil(size / (end - start)))),
  );
}

/** From where to where: short ones more often than long ones. */
function span(input: Uint8Array, dice: Dice): [start: number, end: number] {
  const start = dice.below(input.length + 1);
  const longest = dice.below(4) === 0 ? input.length : 16;
  return [start, Math.min(input.length, start + dice.below(longest + 1))];
}

/** In the place of as many bytes as it has, or between them. */
function put(input: Buffer, dice: Dice, piece: Uint8Array): Buffer {
  const at = dice.below(input.length + 1);
  return replaced(input, at, dice.below(2) === 0 ? at : Math.min(input.length, at + piece.length), piece);
}

function replaced(input: Buffer, start: number, end: number, piece: Uint8Array): Buffer {
  return Buffer.concat([input.subarray(0, start), piece, input.subarray(end)]);
}

function repeated(piece: Uint8Array, times: number): Buffer {
  const fitting = Math.min(times, Math.floor(MAX_MUTANT_BYTES / Math.max(1, piece.length)));
  return Buffer.concat(Array.from({ length: fitting }, () => piece));
}

function bounded(input: Buffer): Buffer {
  return input.length <= MAX_MUTANT_BYTES ? input : input.subarray(0, MAX_MUTANT_BYTES);
}
