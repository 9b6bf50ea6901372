import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberText } from '../../src/chain/index.js';
import { ascii, PlainBytes } from '../../src/chain/plain-bytes.js';

describe('a number in plain JSON', () => {
  it('is what JavaScript reads there, and is written the same again', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 17 });
    fc.assert(
      fc.property(digits, fc.option(digits, { nil: undefined }), (whole, fraction) => {
        const text = fraction === undefined ? whole : `${whole}.${fraction}`;
        const plain = new PlainBytes(ascii(text));
        const value = plain.number();
        if (value === undefined || !plain.isOver) return;
        expect(Number(numberText(value))).toBe(Number(text));
        expect(numberText(value)).toBe(text);
      }),
      { numRuns: 5_000 },
    );
  });

  it('is a timestamp of microseconds, as Python has it, where it does not end in 0', () => {
    const micros = fc.tuple(
      fc.integer({ min: 1_000_000_000, max: 4_400_000_000 }),
      fc.integer({ min: 1, max: 999_999 }),
    );
    fc.assert(
      fc.property(micros, ([seconds, micro]) => {
        const text = `${seconds}.${String(micro).padStart(6, '0').replace(/0+$/, '')}`;
        expect(new PlainBytes(ascii(text)).number()).toBe(Number(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each(['1506057125.9007850', '0.00001', '00.5', '1.', '.5', '-1', '9007199254740993.5'])(
    'is not %s',
    (text) => {
      const plain = new PlainBytes(ascii(text));
      expect(plain.number() === undefined || !plain.isOver).toBe(true);
    },
  );
});
