/** All that the page knows, and how it learns it from a node. */
import { expect, it, vi } from 'vitest';
import { Dashboard } from '../../src/dashboard/model/dashboard.js';
import { FakeNode } from './fake-node.js';

const NOON = '2026-01-01T12:00:00.000Z';

function open(): Dashboard {
  const dashboard = new Dashboard(() => {});
  dashboard.start();
  return dashboard;
}

async function until(dashboard: Dashboard, state: Dashboard['connection']['state']): Promise<void> {
  await vi.waitFor(() => expect(dashboard.connection.state).toBe(state), { timeout: 5_000 });
}

it('goes on where it was when it is signed in again: nothing is told twice, nor asked twice as often', async () => {
  const node = FakeNode.stand();
  const dashboard = open();
  await until(dashboard, 'live');
  const transaction = { sender: 'alice', recipient: 'bob', amount: 5 };
  node.tell('transaction', { id: 'id', transaction, from: null, at: NOON });
  for (let time = 0; time < 2; time++) {
    node.locked = true;
    node.cut();
    await until(dashboard, 'locked');
    await dashboard.signIn('token');
    await until(dashboard, 'live');
  }
  const before = node.times('GET /peers');
  await vi.advanceTimersByTimeAsync(30_000);
  expect(node.times('GET /peers') - before).toBeLessThanOrEqual(11);
  expect(dashboard.stories.of('id').map(({ kind }) => kind)).toEqual(['sent']);
});

it('follows once, however often it is signed in', async () => {
  const node = FakeNode.stand();
  node.locked = true;
  const dashboard = open();
  await until(dashboard, 'locked');
  await Promise.all([dashboard.signIn('token'), dashboard.signIn('token')]);
  await until(dashboard, 'live');
  await dashboard.signIn('token');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(node.times('GET /events')).toBe(2);
});

it('learns what no event tells: that another page has set how often to mine, and a new invitation', async () => {
  const node = FakeNode.stand();
  const dashboard = open();
  await vi.waitFor(() => expect(dashboard.mining.everySeconds).toBe(null));
  await vi.waitFor(() => expect(dashboard.invitation).toBe('one'));
  node.everySeconds = 5;
  node.invitation = 'two';
  await vi.advanceTimersByTimeAsync(4_000);
  expect(dashboard.mining.everySeconds).toBe(5);
  expect(dashboard.invitation).toBe('two');
  node.invitation = undefined;
  await vi.advanceTimersByTimeAsync(4_000);
  expect(dashboard.invitation).toBeUndefined();
});

it('does not take back how often to mine for an answer that is older', async () => {
  const node = FakeNode.stand();
  const dashboard = open();
  await vi.waitFor(() => expect(dashboard.mining.everySeconds).toBe(null));
  const release = node.hold('GET /mining');
  await vi.waitFor(() => expect(node.times('GET /mining')).toBe(2), { timeout: 5_000 });
  await dashboard.mining.setPace(10);
  release();
  await vi.advanceTimersByTimeAsync(0);
  expect(dashboard.mining.everySeconds).toBe(10);
});
