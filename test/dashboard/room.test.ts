/** How the nodes of a room stand to the one whose page it is. */
import { expect, it } from 'vitest';
import { census, type NodeStanding, standingOfNode } from '../../src/dashboard/model/room.js';
import type { RoomNode } from '../../src/dashboard/node/answers.js';

function node(fields: Partial<RoomNode>): RoomNode {
  return {
    peer_id: 'peer',
    name: 'ada',
    state: 'connected',
    since: null,
    length: 5,
    head: 'head',
    chain: 'same',
    fork: null,
    behind_blocks: 0,
    behind_ms: 0,
    ...fields,
  };
}

const SILENT: Partial<RoomNode> = { chain: 'unknown', length: null, head: null, behind_blocks: null };

const CASES: [string, Partial<RoomNode>, NodeStanding][] = [
  ['has our chain', {}, 'same'],
  ['has a part of it', { chain: 'behind', length: 3, behind_blocks: 2 }, 'behind'],
  ['has more than we', { chain: 'ahead' }, 'same'],
  ['is on a fork as long as ours', { chain: 'fork', fork: 4 }, 'tied'],
  ['is on a shorter fork', { chain: 'fork', fork: 3, length: 4, behind_blocks: 1 }, 'fork'],
  ['is on a fork as long as ours, where others have more', { chain: 'fork', behind_blocks: 1 }, 'fork'],
  ['has not said what it has', SILENT, 'unknown'],
  ['has left', { state: 'left', chain: 'fork', behind_blocks: null }, 'gone'],
];

it.each(CASES)('one that %s', (_, fields, standing) => {
  expect(standingOfNode(node(fields))).toBe(standing);
});

it('each is counted once: a tie is no fork', () => {
  expect(census(CASES.map(([, fields]) => node(fields)))).toEqual({
    same: 2,
    behind: 1,
    tied: 1,
    fork: 2,
    unknown: 1,
    gone: 1,
  });
});
