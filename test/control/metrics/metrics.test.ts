import { describe, expect, it, vi } from 'vitest';
import { Libp2pMetrics } from '../../../src/control/index.js';
import { ask, fakeNode, post, serve, startNode } from '../support.js';
import { readMetrics, type Scraped } from './support.js';

async function scrape(url: string): Promise<Scraped> {
  const { status, text, headers } = await ask(`${url}/metrics`);
  expect(status, text).toBe(200);
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  return readMetrics(text);
}

/** A node whose libp2p tells, too. */
async function startMeasured() {
  const libp2p = new Libp2pMetrics();
  return await startNode({ libp2p, node: { libp2pMetrics: libp2p.make } });
}

describe('the metrics', () => {
  it('tell of the chain, of what is mined, sent and stored', async () => {
    const { url } = await startMeasured();
    await post(`${url}/transactions/new`, { sender: 'alice', recipient: 'bob', amount: 5 });
    const before = await scrape(url);
    expect(before.value('gossipchain_mempool_transactions')).toBe(1);
    expect(before.value('gossipchain_transactions_total{source="own"}')).toBe(1);
    expect(before.value('gossipchain_mempool_size_bytes')).toBeGreaterThan(50);
    await post(`${url}/mine`, {});
    const after = await scrape(url);
    expect(after.value('gossipchain_mempool_transactions')).toBe(0);
    expect(after.value('gossipchain_chain_length_blocks')).toBe(2);
    expect(after.value('gossipchain_blocks_total{source="own"}')).toBe(1);
    expect(after.value('gossipchain_mining_searches_total{state="found"}')).toBe(1);
    expect(after.value('gossipchain_mining_tries_total')).toBeGreaterThan(0);
    expect(after.value('gossipchain_chain_size_bytes')).toBeGreaterThan(
      before.value('gossipchain_chain_size_bytes') as number,
    );
    expect(after.value('gossipchain_store_writes_total')).toBe(
      (before.value('gossipchain_store_writes_total') as number) + 1,
    );
    expect(after.value('gossipchain_store_write_seconds_total')).toBeGreaterThan(0);
    const changed = after.value('gossipchain_head_changed_timestamp_seconds') as number;
    expect(Math.abs(Date.now() / 1000 - changed)).toBeLessThan(60);
  });

  it('tell of peers, of what came from them and how it was judged, and what libp2p tells', async () => {
    const [here, there] = [await startMeasured(), await startNode()];
    await there.node.connect(here.node.addresses()[0] as string);
    await vi.waitFor(() => expect(here.node.peers()).toHaveLength(1));
    // Until gossip has its mesh, a block may come by a sync instead.
    await vi.waitFor(
      async () => {
        await there.node.mine();
        const { value } = await scrape(here.url);
        expect(value('gossipchain_blocks_total{source="gossip"}')).toBeGreaterThan(0);
      },
      { timeout: 20_000, interval: 200 },
    );
    const accepted = 'gossipchain_verdicts_total{source="gossip",kind="block",verdict="accept",code=""}';
    await vi.waitFor(async () => expect((await scrape(here.url)).value(accepted)).toBeGreaterThan(0));
    const { value } = await scrape(here.url);
    expect(value('gossipchain_peers{direction="inbound"}')).toBe(1);
    expect(value('gossipchain_peer_changes_total{change="connected"}')).toBe(1);
    expect(value('gossipchain_block_propagation_seconds_count')).toBe(
      value('gossipchain_blocks_total{source="gossip"}'),
    );
    expect(value('gossipchain_block_propagation_seconds_bucket{le="10"}')).toBeGreaterThan(0);
    expect(value('gossipchain_longest_peer_length_blocks')).toBeGreaterThan(0);
    expect(value('libp2p_data_transfer_bytes_total{protocol="global received"}')).toBeGreaterThan(0);
  });

  it('tell of what was rejected by its code, of limits hit, and of reorganisations by their depth', async () => {
    const { node } = await startNode();
    const told = fakeNode({
      on: node.on.bind(node),
      off: node.off.bind(node),
      status: () => node.status(),
      peers: () => [],
      figures: () => ({
        ...node.figures(),
        verdicts: [{ source: 'gossip', kind: 'block', verdict: 'reject', code: 'bad-proof', count: 3 }],
      }),
      boundsHit: () => new Map([['mempool', 7]] as const),
    });
    const { url } = await serve(told);
    const { head } = node.status();
    const reorg = { fork: 4, removed: 2, added: 3, oldHead: head, newHead: head, from: null };
    node.emit('reorg', { ...reorg, returned: ['a', 'b'], at: 1_000 });
    const { value } = await scrape(url);
    const rejected =
      'gossipchain_verdicts_total{source="gossip",kind="block",verdict="reject",code="bad-proof"}';
    expect(value(rejected)).toBe(3);
    expect(value('gossipchain_bounds_hit_total{bound="mempool"}')).toBe(7);
    expect(value('gossipchain_reorganisation_depth_blocks_sum')).toBe(2);
    expect(value('gossipchain_reorganisation_depth_blocks_count')).toBe(1);
    expect(value('gossipchain_reorganisation_added_blocks_total')).toBe(3);
    expect(value('gossipchain_reorganisation_returned_transactions_total')).toBe(2);
    expect(value('gossipchain_head_changed_timestamp_seconds')).toBe(1);
  });

  it('have names, units and help as Prometheus asks for them', async () => {
    const { url } = await startMeasured();
    const { families } = await scrape(url);
    const units = /_(seconds|bytes|blocks|transactions|total|info)$/;
    const counted = new Set(['peers', 'tied_heads', 'sync_active', 'mining_active', 'mining_threads']);
    for (const [name, { type, help, labels }] of families) {
      if (!name.startsWith('gossipchain_')) continue;
      expect(name).toMatch(/^gossipchain_[a-z]+(_[a-z]+)*$/);
      expect(help, name).toMatch(/^[A-Z].{10,}\.$/);
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
      if (!counted.has(name.slice('gossipchain_'.length))) expect(name).toMatch(units);
      // Of each there are few values: no ids, hashes, names or addresses.
      for (const label of labels)
        expect([
          'source',
          'state',
          'change',
          'kind',
          'verdict',
          'code',
          'direction',
          'bound',
          'le',
        ]).toContainEqual(name === 'gossipchain_info' ? 'source' : label);
    }
    for (const name of families.keys()) expect(name).toMatch(/^(gossipchain|libp2p|process|nodejs)_/);
    expect(families.get('process_resident_memory_bytes')?.type).toBe('gauge');
    expect(families.get('nodejs_eventloop_lag_p99_seconds')?.type).toBe('gauge');
  });

  it('are refused without the token, and say so while the node does not run', async () => {
    const { url } = await startNode({ token: 'secret' });
    expect((await ask(`${url}/metrics`)).status).toBe(401);
    const stopped = await startNode();
    await stopped.node.stop();
    expect((await ask(`${stopped.url}/metrics`)).status).toBe(503);
  });

  it('leave no listener behind', async () => {
    const { node, control } = await startNode();
    const listened = node.listenerCount('reorg');
    await control.stop();
    expect(node.listenerCount('reorg')).toBe(listened - 2);
  });
});
