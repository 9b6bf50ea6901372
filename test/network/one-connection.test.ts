import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topics } from '../../protocols/gossip/topics.js';
import { SILENT } from '../../src/log.js';
import { createHost, type Host } from '../../src/network/host.js';
import { ephemeralKey } from '../../src/network/identity.js';
import { OneConnection } from '../../src/network/one-connection.js';
import { ISOLATED, NETWORK_ID } from './support.js';

const TOPIC = topics(NETWORK_ID).blocks;

describe.skipIf(!ISOLATED)('two peers with two connections', () => {
  let hosts: Host[];
  let keepers: OneConnection[];
  let received: string[][];
  let opened: number[];
  beforeEach(async () => {
    hosts = await Promise.all(
      [0, 1].map(async () =>
        createHost({
          networkId: NETWORK_ID,
          version: '0',
          nickname: '',
          privateKey: await ephemeralKey(),
          listen: ['/ip4/127.0.0.1/tcp/0'],
          denies: () => false,
        }),
      ),
    );
    received = hosts.map((host) => {
      const texts: string[] = [];
      host.services.pubsub.addEventListener('message', ({ detail }) => {
        texts.push(Buffer.from(detail.data).toString());
      });
      return texts;
    });
    opened = hosts.map(() => 0);
    for (const [i, host] of hosts.entries())
      host.addEventListener('connection:open', () => {
        opened[i] = (opened[i] ?? 0) + 1;
      });
    keepers = hosts.map((host) => new OneConnection(host, SILENT));
    for (const keeper of keepers) keeper.start();
    await Promise.all(hosts.map((host) => host.start()));
    for (const host of hosts) host.services.pubsub.subscribe(TOPIC);
  });
  afterEach(async () => {
    for (const keeper of keepers) keeper.stop();
    await Promise.all(hosts.map((host) => host.stop()));
  });

  it.each([
    ['dialled by both at once', true],
    ['dialled one after the other', false],
  ])('end with one, and gossip still goes both ways: %s', async (_, atOnce) => {
    const [a, b] = hosts as [Host, Host];
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
