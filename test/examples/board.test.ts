/** The board of examples/lan-room.js, by the events of nodes in a race. */
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const at = (ms: number) => new Date(ms).toISOString();

/** Found at second 1; every hash says by whom. */
function block(index: number, hash: string, parent: string, ms: number, source = 'gossip') {
  const transactions = [{ sender: '0', recipient: 'bob', amount: 5 }, reward(`id of ${hash.split(' ')[0]}`)];
  const data = { index, timestamp: 1, transactions, previous_hash: parent };
  return { event: 'block', index, hash, block: data, source, at: at(ms) };
}

function reorg(fork: number, length: number, hash: string, ms: number) {
  return { event: 'reorg', fork, new_head: { length, hash }, removed: 1, added: length - fork, at: at(ms) };
}

const reward = (recipient: string) => ({ sender: '0', recipient, amount: 1 });

/** Of nodes called ada, bob and so on. */
async function board(count: number) {
  const { Board } = await import(pathToFileURL('examples/lan-room/board.js').href);
  const made = new Board(count);
  for (const [number, name] of ['ada', 'bob', 'cem'].entries()) {
    made.met(`id of ${name}`, name);
    if (number < count) made.watches(number, name);
  }
  return made;
}

describe('the board for a room', () => {
  it('has a block everywhere where one node found another one first, and gave it up', async () => {
    const room = await board(2);
    room.record(0, block(2, 'ada 2', '1', 1_000, 'own'));
    room.record(1, block(2, 'bob 2', '1', 1_001, 'own'));
    expect(room.isEverywhere(2)).toBe(true);
    expect(room.isEverywhere(3)).toBe(false);
    // What bob tells comes first: nothing is known of the new head by then.
    expect(room.record(1, reorg(1, 3, 'ada 3', 1_040))).toEqual([
      'bob changes to a longer chain: 1 out, 2 in',
    ]);
    expect(room.isEverywhere(3)).toBe(false);
    expect(room.record(0, block(3, 'ada 3', 'ada 2', 1_030, 'own'))).toEqual([
      'block 2, found by ada: at all 2 after 40 ms',
      'block 3, found by ada: at all 2 after 40 ms',
    ]);
    expect(room.isEverywhere(3)).toBe(true);
    expect(`${room}`).toMatch(/the last of all │ +2 │/);
    expect(`${room}`).toContain('0 forks seen, 1 replaced chain.');
  });

  it('has a block everywhere where a node fetched it, and tells how long that took', async () => {
    const room = await board(2);
    expect(room.record(1, block(2, 'ada 2', '1', 1_500, 'sync'))).toEqual([]);
    expect(room.record(0, block(2, 'ada 2', '1', 1_000, 'own'))).toEqual([
      'block 2, found by ada: at all 2 after 500 ms',
    ]);
    expect(room.isEverywhere(2)).toBe(true);
  });

  it('tells nothing of blocks that are fetched by all: they are old', async () => {
    const room = await board(1);
    expect(room.record(0, block(2, 'ada 2', '1', 90_000_000, 'sync'))).toEqual([]);
    expect(`${room}`).toMatch(/│ ada +│ +0 │/);
  });

  it('tells of a node that keeps its own chain, and of those who come and go', async () => {
    const room = await board(1);
    const fork = { event: 'fork', index: 2, miner: 'id of cem', at: at(1_000) };
    const peer = { event: 'peer', peer_id: 'id of dan', name: 'dan', change: 'connected', at: at(1_000) };
    expect(room.record(0, fork)).toEqual(['ada sees a second block 2, of cem']);
    expect(room.record(0, { ...fork, from: null })).toEqual(['ada found a second block 2, too late']);
    expect(room.record(0, peer)).toEqual(['dan joined']);
    expect(room.record(0, { event: 'mining' })).toEqual([]);
  });

  it('counts who found the blocks of the chain, not those that lost', async () => {
    const room = await board(1);
    room.record(0, block(2, 'ada 2', '1', 1_000, 'own'));
    expect(`${room}`).not.toContain('Who found them:');
    room.found(
      ['bob', 'cem', 'bob'].map((name) => ({ transactions: [reward('somebody'), reward(`id of ${name}`)] })),
    );
    const found = `${room}`.slice(`${room}`.indexOf('Who found them:'));
    expect(found.match(/\w+ +│ +\d+(?= │)/g)).toEqual(['bob  │      2', 'cem  │      1']);
  });
});
