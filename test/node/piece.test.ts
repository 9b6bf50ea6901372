import { describe, expect, it } from 'vitest';
import { Piece } from '../../src/node/piece.js';

const bytes = (...texts: string[]) => texts.map((text) => Buffer.from(text));
const texts = (blocks: Iterable<Uint8Array>) => [...blocks].map((block) => Buffer.from(block).toString());
const batches = (piece: Piece, max: number) => [...piece.batches(max)].map(texts);

describe('a piece of a chain', () => {
  it('has what was added, in order, in batches of no more bytes than may be', () => {
    const piece = new Piece();
    piece.add(bytes('first', 'second'));
    piece.add(bytes('third', 'a fourth that is longer', 'end'));
    expect(batches(piece, 11)).toEqual([
      ['first', 'second'],
      ['third'],
      ['a fourth that is longer'],
      ['end'],
    ]);
    expect(batches(piece, 1_000)).toEqual([['first', 'second', 'third', 'a fourth that is longer', 'end']]);
    expect(texts([piece.last!])).toEqual(['end']);
  });

  it('is empty at first, and when it is cleared', () => {
    const piece = new Piece();
    for (const _ of [1, 2]) {
      expect([piece.isEmpty, piece.last, batches(piece, 10)]).toEqual([true, undefined, []]);
      piece.add(bytes('one'));
      expect([piece.isEmpty, texts([piece.last!]), batches(piece, 10)]).toEqual([false, ['one'], [['one']]]);
      piece.clear();
    }
  });

  it('grows for what is large, and keeps what it has', () => {
    const piece = new Piece();
    const large = [1_000, 100_000, 1_000_000].map((size) => 'x'.repeat(size));
    for (const each of large) piece.add(bytes(each));
    expect(batches(piece, 1 << 20).flat()).toEqual(large);
  });

  it('may be used again while what it gave is in use', () => {
    const piece = new Piece();
    piece.add(bytes('first', 'second'));
    const [batch] = [...piece.batches(100)];
    piece.clear();
    piece.add(bytes('other', 'others'));
    expect(texts(batch!)).toEqual(['first', 'second']);
    expect(batches(piece, 100)).toEqual([['other', 'others']]);
  });
});
