import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { topics } from '../../protocols/gossip/topics.js';
import { SILENT } from '../../src/log.js';
import { MAX_CONNECTIONS_PER_PEER } from '../../src/network/constants.js';
import type { Host } from '../../src/network/host.js';
import { OneConnection } from '../../src/network/one-connection.js';
import { makeTwoHosts, startTwoHosts } from '../helpers/hosts.js';
import { ISOLATED, NETWORK_ID } from './support.js';

const TOPIC = topics(NETWORK_ID).blocks;

describe.skipIf(!ISOLATED)('two peers with two connections', () => {
  it.each([
    ['dialled by both at once', true],
    ['dialled one after the other', false],
  ])('end with one, and gossip still goes both ways: %s', async (_, atOnce) => {
    const hosts = await makeTwoHosts();
    const received = hosts.map(textsOf);
    const opened = hosts.map(() => 0);
    for (const [i, host] of hosts.entries())
      host.addEventListener('connection:open', () => {
        opened[i] = (opened[i] ?? 0) + 1;
      });
    for (const host of hosts) {
      const keeper = new OneConnection(host, SILENT);
      keeper.start();
      onTestFinished(() => keeper.stop());
      await host.start();
      host.services.pubsub.subscribe(TOPIC);
    }
    const [a, b] = hosts;
    const dials = [
      () => a.dial(b.getMultiaddrs(), { force: true }),
      () => b.dial(a.getMultiaddrs(), { force: true }),
    ];
    if (atOnce) await Promise.all(dials.map((dial) => dial()));
    else {
      for (const dial of dials) await dial();
      await expect.poll(() => opened).toEqual([2, 2]);
    }
    await expect
      .poll(() => hosts.map((host) => host.getConnections().length), { timeout: 5_000 })
      .toEqual([1, 1]);
    let n = 0;
    await expect
      .poll(
        async () => {
          n += 1;
          await Promise.all(
            hosts.map((host, i) => host.services.pubsub.publish(TOPIC, Buffer.from(`${i} ${n}`))),
          );
          return received.map((texts) => texts.length > 0);
        },
        { timeout: 5_000, interval: 50 },
      )
      .toEqual([true, true]);
    await expect
      .poll(() => hosts.map((host) => host.getConnections().length), { timeout: 5_000 })
      .toEqual([1, 1]);
  });
});

describe.skipIf(!ISOLATED)('a stranger who dials over and over', () => {
  it('is left a few connections: each one more is cut', async () => {
    const hosts = await startTwoHosts();
    // Who has the higher id leaves it to the other to close what is too many.
    const [stranger, host] = hosts.sort((a, b) => (`${a.peerId}` < `${b.peerId}` ? -1 : 1)) as [Host, Host];
    const hit = vi.fn();
    const keeper = new OneConnection(host, SILENT, { hit });
    keeper.start();
    onTestFinished(() => keeper.stop());
    for (let i = 0; i < MAX_CONNECTIONS_PER_PEER + 2; i++)
      await stranger.dial(host.getMultiaddrs(), { force: true }).catch(() => {}); // cut, be it in the middle
    const cut = ['connections-per-peer', `${stranger.peerId}`];
    await expect.poll(() => hit.mock.calls, { timeout: 5_000 }).toEqual([cut, cut]);
    await expect.poll(() => stranger.getConnections()).toHaveLength(MAX_CONNECTIONS_PER_PEER);
    expect(host.getConnections()).toHaveLength(MAX_CONNECTIONS_PER_PEER);
  });
});

/** What is heard by gossip, from now on. */
function textsOf(host: Host): string[] {
  const texts: string[] = [];
  host.services.pubsub.addEventListener('message', ({ detail }) => {
    texts.push(Buffer.from(detail.data).toString());
  });
  return texts;
}
