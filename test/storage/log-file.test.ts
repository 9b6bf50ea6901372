/** What is found damaged in LevelDB's log, which LevelDB itself passes over in silence. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { beforeAll, describe, expect, it } from 'vitest';
import { isLogDamaged } from '../../src/storage/log-file.js';

const BLOCK = 32 << 10;

/** Of a hundred writes of 2 KiB, some seven blocks long. */
let log: Buffer;
/** Of two writes that have seven blocks each, as a batch of a sync. */
let large: Buffer;

beforeAll(async () => {
  log = await logOf(100, 2 << 10);
  large = await logOf(2, 7 * BLOCK);
});

async function logOf(writes: number, bytes: number): Promise<Buffer> {
  const directory = mkdtempSync(join(tmpdir(), 'gossipchain-log-'));
  const level = new ClassicLevel(directory);
  for (let i = 0; i < writes; i++) await level.put(`key${i}`, 'v'.repeat(bytes));
  await level.close();
  const name = readdirSync(directory).find((each) => each.endsWith('.log')) as string;
  const written = readFileSync(join(directory, name));
  rmSync(directory, { recursive: true });
  return written;
}

function zeroed(from: number, to?: number, of = log): Buffer {
  return Buffer.from(of).fill(0, from, to ?? of.length);
}

describe('a log', () => {
  it('that is whole is not damaged', () => {
    expect(log.length).toBeGreaterThan(6 * BLOCK);
    expect(isLogDamaged(log)).toBe(false);
  });

  it.each([
    ['one block', BLOCK, 2 * BLOCK],
    ['several blocks', BLOCK, 5 * BLOCK],
    ['the first block', 0, BLOCK],
    ['the middle of a block', BLOCK + 5_000, BLOCK + 15_000],
  ])('in which %s came back as zeros is damaged: writes after it were acknowledged', (_, from, to) => {
    expect(isLogDamaged(zeroed(from, to))).toBe(true);
  });

  it.each([0, 1_000, BLOCK, 3 * BLOCK - 3, 3 * BLOCK, 3 * BLOCK + 11_111])(
    'that is zeros from byte %i to its end has a last write that was cut off, which is no damage',
    (from) => {
      expect(isLogDamaged(zeroed(from))).toBe(false);
      expect(isLogDamaged(log.subarray(0, from))).toBe(false);
    },
  );

  it.each([7, 8, 9, 12])(
    'whose last write came to the disk but for its block %i was cut off: it was not acknowledged',
    (block) => {
      expect(large.length).toBeGreaterThan(14 * BLOCK);
      // The first of them begins with the end of the write before.
      const from = block * BLOCK + (block === 7 ? 1_000 : 0);
      expect(isLogDamaged(zeroed(from, (block + 1) * BLOCK, large))).toBe(false);
    },
  );

  it.each([0, 1, 2, 6])(
    'in which block %i of a large write is lost that another follows is damaged',
    (block) => {
      expect(isLogDamaged(zeroed(block * BLOCK, (block + 1) * BLOCK, large))).toBe(true);
    },
  );
});
