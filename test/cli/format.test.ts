import { describe, expect, it } from 'vitest';
import { Float } from '../../src/chain/index.js';
import {
  formatCount,
  formatDuration,
  formatRate,
  formatTime,
  formatTimestamp,
  plural,
  printable,
  shortHash,
  shortName,
  shortPeer,
} from '../../src/cli/format.js';

describe('what a person sees', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1234567.6, '1,234,568'],
  ])('the count %d as %s', (value, shown) => expect(formatCount(value)).toBe(shown));

  it.each([
    [123, '123'],
    [123456, '123,000'],
    [2345678, '2.35 million'],
    [45600000, '45.6 million'],
  ])('the rate %d as %s', (value, shown) => expect(formatRate(value)).toBe(shown));

  it.each([
    [0.0000042, '4.2 µs'],
    [0.00015, '150 µs'],
    [0.0042, '4.2 ms'],
    [0.25, '250 ms'],
    [1.234, '1.2 s'],
    [59, '59 s'],
    [61, '1 minute'],
    [150, '2.5 minutes'],
    [7200, '2 hours'],
    [86_400 * 30, '30 days'],
    [365.25 * 86_400 * 1234, '1,234 years'],
  ])('%d seconds as %s', (value, shown) => expect(formatDuration(value)).toBe(shown));

  it('one of a thing and many', () => {
    expect(plural(1, 'block')).toBe('1 block');
    expect(plural(0, 'block')).toBe('0 blocks');
    expect(plural(2000, 'address', 'addresses')).toBe('2,000 addresses');
  });

  it('times of this time zone, and timestamps that no calendar has as they are', () => {
    const local = new Date(2026, 0, 2, 3, 4, 5);
    expect(formatTime(local.getTime())).toBe('2026-01-02 03:04:05');
    expect(formatTimestamp(local.getTime() / 1000 + 0.5)).toBe('2026-01-02 03:04:05');
    expect(formatTimestamp(new Float(1e16))).toBe('1e+16');
    expect(formatTimestamp(123456789012345678901234567890n)).toBe('123456789012345678901234567890');
  });

  it('nothing that moves the cursor, turns the writing, or does not show', () => {
    expect(printable('a\u001b[2Jb\u202ec\u200bd\ne')).toBe('a\\u{1b}[2Jb\\u{202e}c\\u{200b}d\\ne');
    expect(printable('Jörg 小明😀')).toBe('Jörg 小明😀');
  });

  it('as much of long names as tells them apart', () => {
    expect(shortHash('0123456789abcdef')).toBe('0123456789ab…');
    expect(shortPeer('12D3KooWSNSuP5kH2kYtLbfNtimD4yGqoCRR9Aae1k3tjXmk7hsb')).toBe('…3tjXmk7hsb');
    expect(shortName('alice')).toBe('alice');
    expect(shortName('12D3KooWSNSuP5kH2kYtLbfNtimD4yGqoCRR9Aae1k3tjXmk7hsb')).toBe('12D3Ko…3tjXmk7hsb');
  });
});
