import { afterEach, describe, expect, it, vi } from 'vitest';
import { serviceTag } from '../../src/network/discovery.js';
import { ISOLATED, Lan, NETWORK_ID, peerIds } from './support.js';

describe.skipIf(!ISOLATED)('discovery on a LAN', () => {
  let lan = new Lan();
  afterEach(async () => {
    await lan.stop();
    lan = new Lan();
  });

  it('connects ten nodes, all to all, by mDNS alone, with one connection a pair', async () => {
    const nodes = await Promise.all(Array.from({ length: 10 }, () => lan.started({ mdns: true })));
    const all = nodes.map(({ peerId }) => peerId);
    const events: string[] = [];
    await vi.waitFor(
      () => {
        for (const node of nodes)
          expect(peerIds(node)).toEqual(all.filter((id) => id !== node.peerId).sort());
      },
      { timeout: 15_000, interval: 50 },
    );
    for (const node of nodes) node.on('peer:disconnect', (id) => events.push(id));
    await vi.waitFor(() => expect(nodes.map((node) => node.connectionCount)).toEqual(nodes.map(() => 9)), {
      timeout: 5_000,
      interval: 100,
    });
    expect(events).toEqual([]);
  });

  it('never lets the nodes of two networks meet', async () => {
    const ids = [NETWORK_ID, '0123456789abcdef'];
    const nodes = await Promise.all(
      [0, 0, 1, 1].map((i) => lan.started({ mdns: true, networkId: ids[i] ?? '' })),
    );
    const [a, b, c, d] = nodes.map(({ peerId }) => peerId);
    await expect.poll(() => nodes.map(peerIds), { timeout: 15_000 }).toEqual([[b], [a], [d], [c]]);
  });

  it('asks under a tag with the first 8 digits of the network id', () => {
    expect(serviceTag(NETWORK_ID)).toBe('_gc-515b81d5._udp.local');
  });
});
