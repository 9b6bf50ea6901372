import { describe, expect, it } from 'vitest';
import { PeerHeads } from '../../src/node/peer-heads.js';
import { newPeerId } from '../protocols/chain/support.js';

const peers = await Promise.all(Array.from({ length: 4 }, newPeerId));
const [one, two, three, silent] = peers.map(String) as [string, string, string, string];

/** @param turns of each peer how many blocks came, and up to which */
function having(turns: readonly (readonly [stored: number, reached: number])[]): PeerHeads {
  const heads = new PeerHeads();
  for (const [at, [stored, reached]] of turns.entries()) heads.brought(peers[at]!, stored, reached);
  return heads;
}

describe('whose turn it is next', () => {
  it('is that of who has come furthest', () => {
    expect(
      having([
        [500, 1_000],
        [600, 900],
        [550, 950],
      ]).furthest([one, two, three, silent]),
    ).toBe(one);
    expect(
      having([
        [500, 1_000],
        [600, 900],
        [550, 950],
      ]).furthest([two, three]),
    ).toBe(three);
  });

  it('is not that of one who is ahead and trickles', () => {
    expect(
      having([
        [1, 20_000],
        [600, 900],
        [550, 950],
      ]).furthest([one, two, three]),
    ).toBe(three);
  });

  it('is nobody’s where nobody has sent anything', () => {
    const heads = having([[0, 0]]);
    expect([heads.furthest([one, silent]), heads.furthest([])]).toEqual([undefined, undefined]);
  });

  it('is not that of one who has left', () => {
    const heads = having([
      [500, 1_000],
      [600, 900],
    ]);
    heads.forget(one);
    expect(heads.furthest([one, two])).toBe(two);
  });
});
