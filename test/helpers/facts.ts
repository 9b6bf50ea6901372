/** What a node knows when nothing is in its way, to be spoilt by a test. */
import type { Facts } from '../../src/node/index.js';

export const NOW = new Date('2026-01-31T12:00:00.000Z');
export const SELF = '12D3KooWSNSuP5kH2kYtLbfNtimD4yGqoCRR9Aae1k3tjXmk7hsb';
export const PEER = '12D3KooWLv43i8ZSMzGL4jUKHzBnJ95yhMPRAcsoQkrpqqD2QnTX';
export const PEER_ADDRESS = `/ip4/10.99.0.2/tcp/4002/p2p/${PEER}`;
export const GENESIS = 'ab'.repeat(32);

export const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);

type Self = NonNullable<Facts['self']>;

/** A node that has run for a minute and is connected to nobody. */
export function aloneNode(changes: Partial<Self> = {}): Self {
  return {
    peerId: SELF,
    networkId: '515b81d5a2aeb7ed',
    network: { name: 'gossipchain', difficulty: 4, genesisHash: GENESIS },
    startedAt: ago(60),
    addresses: [`/ip4/10.99.0.1/tcp/4001/p2p/${SELF}`],
    peers: [],
    ...changes,
  };
}

export const CONNECTED = aloneNode({ peers: [{ peerId: PEER, name: 'bo', addresses: [PEER_ADDRESS] }] });

export function lan(changes: Partial<Facts['interfaces'][number]> = {}): Facts['interfaces'][number] {
  const state = { name: 'eth0', address: '10.99.0.1', internal: false, mdns: 'heard' } as const;
  return { ...state, since: ago(60), error: undefined, ...changes };
}

export const LOOPBACK = lan({ name: 'lo', address: '127.0.0.1', internal: true });

/** Alone on a LAN that works, in a room with nothing else. */
export function facts(changes: Partial<Facts> = {}): Facts {
  return {
    at: NOW,
    self: aloneNode(),
    interfaces: [LOOPBACK, lan()],
    sightings: [],
    dials: [],
    otherNetworks: [],
    strangers: [],
    clocks: [],
    storage: { directory: '/data', freeBytes: 50 * 2 ** 30, writable: true },
    machines: undefined,
    ...changes,
  };
}

/** A peer heard of by mDNS a moment ago. */
export function sighting(changes: Partial<Facts['sightings'][number]> = {}): Facts['sightings'][number] {
  return { peerId: PEER, addresses: [PEER_ADDRESS], at: ago(3), by: 'mdns', ...changes };
}

export function dial(
  outcome: Facts['dials'][number]['outcome'],
  changes: Partial<Facts['dials'][number]> = {},
): Facts['dials'][number] {
  return { peerId: PEER, address: undefined, outcome, message: 'why', at: ago(2), failures: 3, ...changes };
}

export function stranger(changes: Partial<Facts['strangers'][number]> = {}): Facts['strangers'][number] {
  const network = { name: 'gossipchain', difficulty: 4, genesisHash: GENESIS };
  return { peerId: PEER, addresses: [PEER_ADDRESS], why: 'other-network', network, at: ago(5), ...changes };
}
