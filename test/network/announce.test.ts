import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { describe, expect, it, vi } from 'vitest';
import { announced, announcedOn, listening, near, nearestFirst } from '../../src/network/announce.js';
import { lanInterfaces } from '../../src/network/interfaces.js';

const WILDCARD = ['/ip4/0.0.0.0/tcp/0'];
const [LOOPBACK, WLAN, WIRE] = ['127.0.0.1', '192.168.1.20', '169.254.7.7'] as const;

const at = (...hosts: string[]) =>
  hosts.map((host) => multiaddr(`/${host.includes(':') ? 'ip6' : 'ip4'}/${host}/tcp/4001`));
const hosts = (addresses: Multiaddr[]) => addresses.map((address) => address.getComponents()[0]?.value);
const machine = (...cidrs: string[]) =>
  lanInterfaces(
    Object.fromEntries(
      cidrs.map((cidr, i) => {
        const address = cidr.split('/')[0] ?? '';
        const internal = address === LOOPBACK;
        return [`if${i}`, [{ family: 'IPv4', address, cidr, mac: '', netmask: '', internal }]];
      }),
    ),
  );
const ALL = machine('127.0.0.1/8', '192.168.1.20/24', '169.254.7.7/16');

describe('what peers are told', () => {
  it.each([
    ['no loopback where there is another', WILDCARD, [LOOPBACK, WLAN], ALL, [WLAN]],
    ['loopback where there is no other', WILDCARD, [LOOPBACK], machine('127.0.0.1/8'), [LOOPBACK]],
    ['loopback where nothing else is listened on', [`/ip4/${LOOPBACK}/tcp/0`], [LOOPBACK], ALL, [LOOPBACK]],
    [
      'self-assigned addresses where there are no others',
      WILDCARD,
      [LOOPBACK],
      machine('127.0.0.1/8', '169.254.7.7/16'),
      [WIRE],
    ],
    ['addresses of IPv6', WILDCARD, [LOOPBACK, WLAN, 'fd00::1'], ALL, [WLAN, 'fd00::1']],
  ])('%s', (_, listen, own, interfaces, expected) => {
    expect(hosts(announced(listen, at(...own), interfaces))).toEqual(expected);
  });

  it('on an interface is what leads to us through it', () => {
    const all = listening(WILDCARD, at(LOOPBACK, WLAN), ALL);
    expect(ALL.map((lan) => hosts(announcedOn(lan, all)))).toEqual([[LOOPBACK], [WLAN], [WIRE]]);
    expect(String(announcedOn(ALL[2]!, all))).toBe(`/ip4/${WIRE}/tcp/4001`);
  });
});

describe('addresses that others tell of', () => {
  it('are private, or on a network of this machine; found by one look at its interfaces', () => {
    const campus = machine('141.20.5.7/22');
    const read = vi.fn(() => campus);
    const told = at('192.168.1.77', '8.8.8.8', '141.20.6.1', '141.20.8.1', 'fd00::1', 'fe80::1', WLAN);
    expect(hosts(near(told, read))).toEqual(['192.168.1.77', '141.20.6.1', 'fd00::1', WLAN]);
    expect(read).toHaveBeenCalledOnce();
    read.mockClear();
    expect(hosts(near(at(WLAN, 'fd00::1'), read))).toEqual([WLAN, 'fd00::1']);
    expect(read).not.toHaveBeenCalled();
  });
});

describe('addresses to dial', () => {
  it('are tried nearest first: on a LAN of ours, then elsewhere, then loopback', () => {
    const addresses = at(LOOPBACK, '172.17.0.1', 'fd00::1', '192.168.1.77');
    expect(hosts(addresses.sort((a, b) => nearestFirst(a, b, ALL)))).toEqual([
      '192.168.1.77',
      '172.17.0.1',
      'fd00::1',
      LOOPBACK,
    ]);
  });
});
