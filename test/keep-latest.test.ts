import { describe, expect, it } from 'vitest';
import { forgetOldest, keepLatest } from '../src/keep-latest.js';

describe('what is kept of many', () => {
  it('is the latest of them', () => {
    const map = new Map<string, number>();
    for (const [i, key] of ['a', 'b', 'c'].entries()) keepLatest(map, key, i, 2);
    expect([...map]).toEqual([
      ['b', 1],
      ['c', 2],
    ]);
  });

  it('stays longer where it is heard of again', () => {
    const map = new Map([
      ['a', 0],
      ['b', 1],
    ]);
    keepLatest(map, 'a', 2, 2);
    keepLatest(map, 'c', 3, 2);
    expect([...map.keys()]).toEqual(['a', 'c']);
  });

  it('is all of it where there is room', () => {
    const kept = new Set(['a', 'b']);
    forgetOldest(kept, 2);
    forgetOldest(new Set(), 0);
    expect([...kept]).toEqual(['a', 'b']);
  });

  it('may have keys of any kind, undefined too', () => {
    const kept = new Set([undefined, 1]);
    forgetOldest(kept, 1);
    expect([...kept]).toEqual([1]);
  });
});
