/** What was answered with 200 or 201 is there after kill -9, at whatever moment it comes. */
import { expect, it } from 'vitest';
import { Dice } from '../helpers/dice.js';
import { describeNodes, RunningNode, scratch } from './running-node.js';

const ROUNDS = 8;

describeNodes('a node killed at random moments of sending and mining', () => {
  it('starts again with a valid chain and everything it acknowledged', async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 100_000);
    console.log(`SEED=${seed}`);
    const dice = new Dice(seed);
    const args = [
      '--port',
      '0',
      '--no-mdns',
      '--network',
      'crash',
      '--difficulty',
      '2',
      '--data-dir',
      scratch(),
    ];
    const sent = new Set<string>();
    const forged = new Map<number, string>();
    let identity = '';
    for (let round = 0; round < ROUNDS; round++) {
      const node = await RunningNode.start(args);
      identity ||= (await node.status()).peer_id;
      expect((await node.status()).peer_id).toBe(identity);
      await expectAll(node, sent, forged);
      const work = keepBusy(node, sent, forged, round);
      await new Promise((resolve) => setTimeout(resolve, dice.next() * 400));
      await node.end('SIGKILL');
      await work;
    }
    const node = await RunningNode.start(args);
    await expectAll(node, sent, forged);
    expect(sent.size).toBeGreaterThan(0);
    expect(forged.size).toBeGreaterThan(0);
  });
});

/** Sends and mines until the node is gone; keeps what it answered. */
async function keepBusy(node: RunningNode, sent: Set<string>, forged: Map<number, string>, round: number) {
  const sending = async () => {
    for (let i = 0; ; i++) {
      const answer = await node.post('/transactions/new', {
        sender: `round ${round}`,
        recipient: 'bob',
        amount: i + 1,
      });
      if (answer.status === 201) sent.add(((await answer.json()) as { id: string }).id);
    }
  };
  const mining = async () => {
    for (;;) {
      const { index, previous_hash } = await node.mine();
      forged.set(index, previous_hash);
    }
  };
  await Promise.allSettled([sending(), mining()]);
}

async function expectAll(node: RunningNode, sent: Set<string>, forged: Map<number, string>) {
  for (const id of sent) {
    const { status } = await node.get<{ status: string }>(`/transactions/${id}`);
    expect(['pending', 'in_block']).toContain(status);
  }
  for (const [index, previousHash] of forged) {
    const { block } = await node.get<{ block: { previous_hash: string } }>(`/blocks/${index}`);
    expect(block.previous_hash).toBe(previousHash);
  }
}
