import { describe, expect, it } from 'vitest';
import { PeerNames } from '../src/peer-names.js';

describe('the names of peers', () => {
  it('are what each called itself last; who said nothing keeps the name it had', () => {
    const names = new PeerNames();
    names.met('a', 'ada');
    names.met('a', 'ada2');
    names.met('a', '');
    names.met('b', '');
    expect(names.of('a')).toBe('ada2');
    expect(names.of('b')).toBeUndefined();
  });

  it('are as many as a large room has, however many ids one peer comes by', () => {
    const names = new PeerNames();
    for (let id = 0; id < 1_025; id++) names.met(`${id}`, 'mallory');
    expect(names.of('0')).toBeUndefined();
    expect(names.of('1')).toBe('mallory');
    expect(names.of('1024')).toBe('mallory');
  });
});
