import type { PeerId } from '@libp2p/interface';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { expect, it } from 'vitest';
import { ephemeralKey } from '../../src/network/index.js';
import { Growth, IN_MEMORY, ON_DISK, type Pace } from '../../src/node/growth.js';
import type { HeadClient } from '../../src/node/sync.js';

const MiB = 1 << 20;
const [peer, other] = (await Promise.all(
  [1, 2].map(async () => peerIdFromPrivateKey(await ephemeralKey())),
)) as [PeerId, PeerId];

/** Has blocks for whoever asks. */
const willing = {
  blocks: async function* () {
    yield [new Uint8Array(MiB)];
  },
} as unknown as HeadClient;

/** How many megabytes are taken before one is refused, where no time passes. */
function megabytesTaken(pace: Pace): number {
  const hits: string[] = [];
  const growth = new Growth({ hit: (bound) => hits.push(bound) }, pace, () => 0);
  let taken = 0;
  for (; growth.restMs(String(peer)) === 0; taken++) growth.grown(MiB);
  expect(hits).toEqual(['chain-growth']);
  return taken;
}

it('lets others bring half a gigabyte at once to a chain on disk, and a sixteenth of it to one in memory', () => {
  expect(megabytesTaken(ON_DISK)).toBe(512 + 1);
  expect(megabytesTaken(IN_MEMORY)).toBe(32 + 1);
});

it('keeps no sync waiting for long: one that would have to is told that we are busy', async () => {
  const growth = new Growth(undefined, IN_MEMORY, () => 0);
  growth.grown(IN_MEMORY.burstBytes + MiB);
  const answer = growth.pacing(willing).blocks(peer, [], { signal: new AbortController().signal });
  await expect(answer[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'busy' });
});

it('is told only of what is kept: what comes and is refused keeps nobody else’s blocks away', async () => {
  const hits: unknown[] = [];
  const growth = new Growth({ hit: (...hit) => hits.push(hit) }, IN_MEMORY, () => 0);
  const client = growth.pacing(willing);
  const { signal } = new AbortController();
  const answersOf = async (from: PeerId) => {
    for (let taken = 0; ; taken++) {
      const answer = client.blocks(from, [], { signal })[Symbol.asyncIterator]();
      if ((await answer.next().catch(() => undefined)) === undefined) return taken;
      await answer.next();
    }
  };
  // Nor may it send that without end.
  expect(await answersOf(peer)).toBe(64 + 1);
  expect(hits).toEqual([['chain-growth', String(peer)]]);
  expect(await answersOf(other)).toBe(64 + 1);
});
