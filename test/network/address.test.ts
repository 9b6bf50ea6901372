import { multiaddr } from '@multiformats/multiaddr';
import { describe, expect, it } from 'vitest';
import { plausible } from '../../src/network/address.js';

describe('addresses that somebody on the LAN has said', () => {
  it.each([
    ['/ip4/192.168.1.20/tcp/4001', true],
    ['/ip6/fd00::1/tcp/4001', true],
    ['/dns4/nodes.local/tcp/4001', true],
    ['/ip4/192.168.1.20/udp/4001', false],
    ['/ip4/192.168.1.20/tcp/4001/p2p/no-peer-id', false],
    ['/ip4/192.168.1.20/tcp/4001/p2p/no-peer-id/tcp/1', false],
  ])('%s is taken: %s', (address, taken) => {
    expect(plausible([multiaddr(address)])).toHaveLength(taken ? 1 : 0);
  });

  it('can be compared, whatever was said', () => {
    const said = ['/ip4/1.2.3.4/tcp/1/p2p/~', '/ip4/1.2.3.4/tcp/1'].map((text) => multiaddr(text));
    expect(() => said[0]?.equals(said[1] as (typeof said)[0])).toThrow();
    const [left] = plausible(said);
    expect(left?.equals(said[1] as (typeof said)[0])).toBe(true);
  });
});
