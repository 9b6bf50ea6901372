import type { NetworkInterfaceInfo } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { INTERFACES_POLL_MS } from '../../src/network/constants.js';
import { InterfaceWatch, type LanInterface, lanInterfaces } from '../../src/network/interfaces.js';
import { recordingLogger } from './support.js';

function four(cidr: string, mac = '02:00:00:00:00:01'): NetworkInterfaceInfo {
  const address = cidr.split('/')[0] ?? '';
  return { family: 'IPv4', address, cidr, mac, netmask: '', internal: address.startsWith('127.') };
}

function six(address: string): NetworkInterfaceInfo {
  return {
    family: 'IPv6',
    address,
    cidr: `${address}/64`,
    mac: '02:00:00:00:00:01',
    netmask: '',
    internal: false,
    scopeid: 2,
  };
}

describe('the interfaces of a machine', () => {
  it('are those with an IPv4 address, with all addresses that another host can name', () => {
    const list = lanInterfaces({
      lo: [four('127.0.0.1/8')],
      eth0: [six('fe80::1'), four('192.168.1.20/24'), four('10.0.0.1/8'), six('fd00::1')],
      tun0: [six('fd01::1')],
    });
    expect(
      list.map(({ name, address, internal, addresses }) => [name, address, internal, addresses]),
    ).toEqual([
      ['lo', '127.0.0.1', true, ['127.0.0.1']],
      ['eth0', '192.168.1.20', false, ['192.168.1.20', '10.0.0.1', 'fd00::1']],
    ]);
  });

  it.each([
    ['192.168.1.77', true],
    ['10.200.0.1', true],
    ['192.168.2.77', false],
    ['8.8.8.8', false],
  ])('know which addresses are in their subnets: %s', (address, expected) => {
    const [lan] = lanInterfaces({ eth0: [four('192.168.1.20/24'), four('10.0.0.1/8')] });
    expect(lan?.contains(address)).toBe(expected);
  });
});

describe('the watch over interfaces', () => {
  const lo = { lo: [four('127.0.0.1/8')] };
  const log = recordingLogger();
  let table: NodeJS.Dict<NetworkInterfaceInfo[]> | undefined;
  let changes: string[][];
  let watch: InterfaceWatch;
  beforeEach(() => {
    vi.useFakeTimers();
    log.said.length = 0;
    changes = [];
    const changed = (now: readonly LanInterface[]) => void changes.push(now.map(({ address }) => address));
    watch = new InterfaceWatch(changed, log, () => table);
  });
  afterEach(() => {
    watch.stop();
    vi.useRealTimers();
  });

  it('tells when one comes, changes or goes, and nothing while nothing happens', () => {
    const steps: (typeof table)[] = [
      { ...lo, eth0: [four('10.0.0.1/8')] },
      { ...lo, eth0: [four('10.0.0.1/8')] },
      { ...lo, eth0: [four('10.0.0.2/8')] },
      { ...lo, eth0: [four('10.0.0.2/8', '02:00:00:00:00:02')] },
      lo,
    ];
    table = lo;
    watch.start();
    for (const step of steps) {
      table = step;
      vi.advanceTimersByTime(INTERFACES_POLL_MS);
    }
    expect(changes).toEqual([
      ['127.0.0.1', '10.0.0.1'],
      ['127.0.0.1', '10.0.0.2'],
      ['127.0.0.1', '10.0.0.2'],
      ['127.0.0.1'],
    ]);
    watch.stop();
    table = steps[0] ?? {};
    vi.advanceTimersByTime(10 * INTERFACES_POLL_MS);
    expect(changes).toHaveLength(4);
  });

  it('takes all to be as it was where the system does not tell, and says that once', () => {
    table = { ...lo, eth0: [four('10.0.0.1/8')] };
    watch.start();
    for (const step of [undefined, undefined, table]) {
      table = step;
      vi.advanceTimersByTime(INTERFACES_POLL_MS);
      expect(watch.list.map(({ name }) => name)).toEqual(['lo', 'eth0']);
    }
    expect(changes).toEqual([]);
    expect(log.said.map(({ action }) => action)).toEqual(['interfaces-unreadable']);
  });

  it('says in one line that there is none but loopback, at the start and whenever the last is gone', () => {
    const said = () => log.said.filter(({ level }) => level === 'warn').map(({ action }) => action);
    table = lo;
    watch.start();
    vi.advanceTimersByTime(5 * INTERFACES_POLL_MS);
    expect(said()).toEqual(['no-interface-but-loopback']);
    table = { ...lo, eth0: [four('10.0.0.1/8')] };
    vi.advanceTimersByTime(INTERFACES_POLL_MS);
    table = lo;
    vi.advanceTimersByTime(5 * INTERFACES_POLL_MS);
    expect(said()).toEqual(['no-interface-but-loopback', 'no-interface-but-loopback']);
  });
});
