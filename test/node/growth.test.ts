import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { expect, it } from 'vitest';
import { ephemeralKey } from '../../src/network/index.js';
import { Growth, IN_MEMORY, ON_DISK, type Pace } from '../../src/node/growth.js';
import type { HeadClient } from '../../src/node/sync.js';

const MiB = 1 << 20;
const peer = peerIdFromPrivateKey(await ephemeralKey());

const megabyte = new Uint8Array(MiB);

/** Has a megabyte for whoever asks, again and again. */
const endless = {
  blocks: async function* () {
    yield [megabyte];
  },
} as unknown as HeadClient;

/** How many answers are taken before one is refused, where no time passes. */
async function answersTaken(pace: Pace): Promise<number> {
  const hits: string[] = [];
  const growth = new Growth({ hit: (bound) => hits.push(bound) }, pace, () => 0);
  const client = growth.pacing(endless);
  const { signal } = new AbortController();
  for (let taken = 0; ; taken++) {
    if (growth.restMs(String(peer)) > 0) {
      expect(hits).toEqual(['chain-growth']);
      return taken;
    }
    for await (const frame of client.blocks(peer, [], { limit: 1, signal })) expect(frame).toHaveLength(1);
  }
}

it('lets others bring half a gigabyte at once to a chain on disk, and a sixteenth of it to one in memory', async () => {
  expect(await answersTaken(ON_DISK)).toBe(512 + 1);
  expect(await answersTaken(IN_MEMORY)).toBe(32 + 1);
});

it('keeps no sync waiting for long: one that would have to is told that we are busy', async () => {
  const growth = new Growth(undefined, IN_MEMORY, () => 0);
  growth.grown(IN_MEMORY.burstBytes + MiB);
  const answer = growth.pacing(endless).blocks(peer, [], { limit: 1, signal: new AbortController().signal });
  await expect(answer[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'busy' });
});
