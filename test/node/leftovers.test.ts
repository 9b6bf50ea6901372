import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leftoversOf } from '../../src/node/leftovers.js';
import { scratch } from './support.js';

describe('what a failed start leaves', () => {
  it('goes, with the directories above that were not there before', async () => {
    const root = scratch();
    const remove = leftoversOf(join(root, 'a', 'b', 'c'));
    mkdirSync(join(root, 'a', 'b', 'c', 'chain'), { recursive: true });
    await remove();
    expect(readdirSync(root)).toEqual([]);
    expect(existsSync(root)).toBe(true);
  });

  it('goes out of a directory that was empty, which stays', async () => {
    const root = scratch();
    const remove = leftoversOf(root);
    mkdirSync(join(root, 'chain'));
    await remove();
    expect(readdirSync(root)).toEqual([]);
  });

  it('does not take along what somebody else has put beside it meanwhile', async () => {
    const root = scratch();
    const remove = leftoversOf(join(root, 'a', 'b'));
    mkdirSync(join(root, 'a', 'b'), { recursive: true });
    writeFileSync(join(root, 'a', 'theirs'), '');
    await remove();
    expect(readdirSync(join(root, 'a'))).toEqual(['theirs']);
  });

  it('stays where there was something before', async () => {
    const root = scratch();
    writeFileSync(join(root, 'key'), '');
    await leftoversOf(root)();
    expect(readdirSync(root)).toEqual(['key']);
  });
});
