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

beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'gossipchain-log-'));
  const level = new ClassicLevel(directory);
  for (let i = 0; i < 100; i++) await level.put(`key${i}`, 'v'.repeat(2048));
  await level.close();
  const name = readdirSync(directory).find((each) => each.endsWith('.log')) as string;
  log = readFileSync(join(directory, name));
  rmSync(directory, { recursive: true });
});

function zeroed(from: number, to = log.length): Buffer {
  return Buffer.from(log).fill(0, from, to);
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
});
