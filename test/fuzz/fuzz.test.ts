/** Whatever the bytes: every parser answers, with what it read or with its own error, in time. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptInputs } from './corpus.js';
import { drive } from './drive.js';
import { TARGETS } from './targets.js';
import { attempt } from './trial.js';

/** `npm run fuzz` tries a million. */
const SPOILT = 3_000;
/** Another one each time; that of a failure is in its message. */
const SEED = Math.floor(Math.random() * 2 ** 31);

describe.each(TARGETS)('$name', (target) => {
  it('takes what an honest writer wrote, and writes it again', async () => {
    const reader = await target.open();
    const isTaken = async (input: Uint8Array) => {
      expect((await attempt(target, reader, input)).refused).toBeUndefined();
    };
    try {
      await fc.assert(fc.asyncProperty(target.valid, isTaken), { seed: SEED });
    } finally {
      await reader.close?.();
    }
  });

  it('keeps its promises for every kept input', async () => {
    const kept = keptInputs(target.name);
    expect(kept.length).toBeGreaterThan(2);
    const reader = await target.open();
    try {
      for (const { bytes } of kept) await attempt(target, reader, bytes);
    } finally {
      await reader.close?.();
    }
  });

  it(`keeps them for ${SPOILT} spoilt ones`, async () => {
    const { inputs } = await drive(target, { seed: SEED, count: SPOILT });
    expect(inputs).toBe(SPOILT);
  });
});
