import { expect, it } from 'vitest';
import * as limits from '../../../protocols/gossip/constants.js';
import { gossipsubOptions } from '../../../protocols/gossip/index.js';

it('never sends a peer more IDONTWANT than it reads, however many messages come from others', () => {
  const { idontwantMinDataSize = 512 } = gossipsubOptions('515b81d5a2aeb7ed');
  // A frame, its control, and in that an IDONTWANT with an id.
  const items = 2 + 2 / limits.FIELDS_PER_ITEM;
  const perByte = items / idontwantMinDataSize;
  expect(limits.TOTAL_BYTES_PER_SECOND * perByte).toBeLessThan(limits.ITEMS_PER_SECOND);
  expect(limits.TOTAL_BYTES_BURST * perByte).toBeLessThan(limits.ITEMS_BURST);
});
