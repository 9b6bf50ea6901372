import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gossipchain } from './support.js';

const FROZEN = join(import.meta.dirname, '../vectors/odd-python-chain.json');
const FROZEN_HEAD = 'c9ae08985885e70c53261d9fdaabf45c4f56de18e71a0db9d54ac05f3cb5adbe';
const MAKER = join(import.meta.dirname, 'odd-python-chain.py');
const python = spawnSync('python3', ['--version']).status === 0 ? 'python3' : undefined;

function made(...args: string[]): { text: string; head: string } {
  const { stdout, stderr } = spawnSync(python as string, [MAKER, ...args], { encoding: 'utf8' });
  return { text: stdout, head: stderr.trim() };
}

describe('an odd but honest chain from Python', () => {
  it('is valid, with the head that Python computed', async () => {
    const { code, stdout } = await gossipchain(['verify', FROZEN]);
    expect(stdout).toMatch(new RegExp(`^valid: 7 blocks, head ${FROZEN_HEAD}\n`));
    expect(code).toBe(0);
  });

  it('holds each of the oddities that it is there for', () => {
    const text = readFileSync(FROZEN, 'utf8');
    for (const odd of [
      '5.0',
      '1e+16',
      '123456789012345678901234567890',
      '\\ud83d\\ude00',
      '\\u00f6',
      '\\u007f',
      '1e-05',
    ])
      expect(text).toContain(odd);
  });

  it.skipIf(python === undefined)('is what Python makes of it today', () => {
    expect(made()).toEqual({ text: readFileSync(FROZEN, 'utf8'), head: FROZEN_HEAD });
  });

  it.skipIf(python === undefined)('is valid as well where its text is not escaped', async () => {
    const { text, head } = made('--raw');
    expect(text).toContain('小明😀');
    const { code } = await gossipchain(['verify', '-', '--head', head], { input: text });
    expect(code).toBe(0);
  });

  it.skipIf(python === undefined)('is another chain where a float becomes an integer', async () => {
    const { text, head } = made();
    const input = text.replaceAll('"amount": 5.0', '"amount": 5');
    const { code, stdout } = await gossipchain(['verify', '-', '--head', head], { input });
    expect(stdout).toMatch(/^invalid at block 3: its previous_hash is not the hash of block 2/);
    expect(code).toBe(1);
  });
});
