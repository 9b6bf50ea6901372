import { expect, it } from 'vitest';
import { MAX_DOUBTFUL_DIALS } from '../../src/network/constants.js';
import { DialQueue } from '../../src/network/dial-queue.js';
import { type KnownPeer, newlyKnown } from '../../src/network/known-peer.js';

function peer(key: string, fields: Partial<KnownPeer>): KnownPeer {
  return { ...newlyKnown(key, key, undefined), ...fields };
}

it('keeps nothing of those who are not wanted any more, though others stand before them without end', () => {
  const dropped = new Set<KnownPeer>();
  const looked: KnownPeer[] = [];
  const isWanted = (known: KnownPeer) => {
    looked.push(known);
    return !dropped.has(known);
  };
  const queue = new DialQueue(isWanted, () => new Promise(() => {}));
  for (let i = 0; i < MAX_DOUBTFUL_DIALS; i++) queue.push(peer(`gone ${i}`, { isHearsay: true }));
  const strangers = Array.from({ length: 100 }, (_, i) => peer(`stranger ${i}`, { isHearsay: true }));
  for (const stranger of strangers) queue.push(stranger);
  for (const stranger of strangers) dropped.add(stranger);
  looked.length = 0;
  queue.look();
  expect(looked).toEqual(strangers);
  looked.length = 0;
  queue.look();
  expect(looked).toEqual([]);
});
