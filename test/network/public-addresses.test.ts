import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createHost } from '../../src/network/host.js';
import { ephemeralKey } from '../../src/network/identity.js';

const CAMPUS = '141.20.5.7';

/** This machine is on a LAN that has public addresses, as on many a campus. */
function onCampus(): void {
  const loopback = os.networkInterfaces().lo ?? [];
  const wlan = {
    address: CAMPUS,
    netmask: '255.255.252.0',
    family: 'IPv4' as const,
    mac: '',
    internal: false,
  };
  const stub = vi.spyOn(os, 'networkInterfaces');
  stub.mockReturnValue({ lo: loopback, wlan0: [{ ...wlan, cidr: `${CAMPUS}/22` }] });
  syncBuiltinESMExports();
  onTestFinished(() => {
    stub.mockRestore();
    syncBuiltinESMExports();
  });
}

it('a node tells its peers of its public address, where its LAN has such', async () => {
  onCampus();
  const host = await createHost({
    networkId: '00'.repeat(8),
    version: '0',
    nickname: '',
    privateKey: await ephemeralKey(),
    listen: ['/ip4/0.0.0.0/tcp/0'],
    denies: () => false,
  });
  await host.start();
  onTestFinished(() => host.stop());
  const told = host.getMultiaddrs().map(String);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(new RegExp(`^/ip4/${CAMPUS}/tcp/\\d+/p2p/${host.peerId}$`));
});
