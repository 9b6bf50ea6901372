import { describe, expect, it } from 'vitest';
import { type Facts, hindrancesIn } from '../../../src/node/index.js';
import {
  ago,
  aloneNode,
  CONNECTED,
  dial,
  facts,
  GENESIS,
  LOOPBACK,
  lan,
  PEER,
  PEER_ADDRESS,
  sighting,
  stranger,
} from '../../helpers/facts.js';

const OTHER = { networkDigits: 'deadbeef', from: '10.99.0.9', at: ago(10) };
const KEPT = { directory: '/data', freeBytes: 1e12, writable: true };
const ours = { name: 'gossipchain', difficulty: 4, genesisHash: GENESIS };
const connected = (changes: Partial<Facts>) => ({ self: CONNECTED, ...changes });

/** What is known, the first thing in the way, and words that must be in its sentence and in its advice. */
const IN_THE_WAY: readonly [
  name: string,
  known: Partial<Facts>,
  code: string,
  what: RegExp,
  advice: RegExp,
][] = [
  ['no interface', { interfaces: [LOOPBACK] }, 'no-interface', /but loopback/, /plug in its cable/],
  [
    'a directory that is not ours',
    { storage: { directory: '/data', freeBytes: 1e12, writable: false } },
    'storage-unusable',
    /\/data cannot be written to/,
    /--data-dir/,
  ],
  [
    'a chain that was removed while its node runs',
    { storage: { ...KEPT, trouble: 'gone' } },
    'storage-unusable',
    /the chain in \/data was removed while the node runs/,
    /save it by .* stop the node and start it again/,
  ],
  [
    'a file in the place of the data directory',
    { storage: { ...KEPT, trouble: 'no-directory' } },
    'storage-unusable',
    /\/data is a file, or lies below one/,
    /Choose another with --data-dir/,
  ],
  [
    'a node that may open no more files',
    { storage: { ...KEPT, trouble: 'too-many-files' } },
    'storage-unusable',
    /may open no more files, could not write to \/data/,
    /^Let the node open more files \(ulimit -n \d+\), and start it again\.$/,
  ],
  [
    'a directory of another network',
    { storage: { ...KEPT, trouble: 'other-network' } },
    'storage-unusable',
    /\/data holds the chain of another network/,
    /give the --network, --difficulty and --genesis that it was made with/,
  ],
  [
    'a full disk',
    { storage: { directory: '/data', freeBytes: 5 << 20, writable: true } },
    'disk-full',
    /\/data has 5 MiB left/,
    /Make room/,
  ],
  [
    'a system that sends no multicast',
    { interfaces: [lan({ mdns: 'failed', error: 'EPERM' })] },
    'mdns-failed',
    /refuses to send mDNS on eth0 \(10\.99\.0\.1\): EPERM/,
    /UDP port 5353 out/,
  ],
  [
    'multicast dropped on this machine',
    { interfaces: [lan({ mdns: 'not-heard' })] },
    'multicast-dropped',
    /our own mDNS question does not come back on eth0/,
    /UDP port 5353 in .*gossipchain invite .*gossipchain connect CODE/,
  ],
  [
    'multicast dropped between the machines',
    { machines: [] },
    'multicast-dropped',
    /no other machine is heard/,
    /guest Wi-Fi.*gossipchain invite/,
  ],
  [
    'nobody heard, by one that cannot know more',
    {},
    'nobody-heard',
    /multicast is dropped between the machines, or nobody else is there/,
    /gossipchain connect CODE/,
  ],
  [
    'other machines, and no node on them',
    { machines: ['10.99.0.7'] },
    'nobody-heard',
    /multicast works: 10\.99\.0\.7 is heard/,
    /Start a node on another machine/,
  ],
  [
    'a node that does not look',
    { interfaces: [lan({ mdns: 'off', since: undefined })] },
    'nobody-heard',
    /--no-mdns/,
    /--peer ADDRESS/,
  ],
  [
    'a wrong network',
    { strangers: [stranger({ network: { ...ours, name: 'class7b' } })] },
    'wrong-network',
    /…rpqqD2QnTX at 10\.99\.0\.2:4002 belongs to the network "class7b", this node to "gossipchain"/,
    /same --network\./,
  ],
  [
    'a wrong difficulty',
    { strangers: [stranger({ network: { ...ours, difficulty: 3 } })] },
    'wrong-difficulty',
    /difficulty 3, this node's is 4/,
    /same --difficulty\./,
  ],
  [
    'a wrong genesis',
    { strangers: [stranger({ network: { ...ours, genesisHash: 'cd'.repeat(32) } })] },
    'wrong-genesis',
    /its genesis is cdcdcdcdcdcd…, this node's abababababab…/,
    /same --genesis/,
  ],
  [
    'another network of which no more is known',
    { otherNetworks: [OTHER] },
    'other-network',
    /10\.99\.0\.9 .* begins with deadbeef/,
    /--network, --difficulty and --genesis/,
  ],
  [
    'a program that is none of ours',
    { strangers: [stranger({ why: 'protocol-unknown', network: undefined })] },
    'protocol-unknown',
    /does not speak our protocol/,
    /same version/,
  ],
  [
    'a blocked port',
    { sightings: [sighting()], dials: [dial('timed-out', { failures: 1 })] },
    'port-blocked',
    /…rpqqD2QnTX at 10\.99\.0\.2:4002 does not answer, though it is heard by mDNS \(timed out once\)/,
    /Let connections in at 10\.99\.0\.2:4002.*\(TCP port 4001\): one of the two is enough/,
  ],
  [
    'a blocked port of another, where we have peers',
    connected({
      sightings: [sighting({ peerId: 'Qm123456789012345' })],
      dials: [dial('timed-out', { peerId: 'Qm123456789012345' })],
    }),
    'port-blocked',
    /timed out 3 times/,
    /Let connections in/,
  ],
  [
    'an address given by hand at which nobody is',
    { dials: [dial('refused', { peerId: undefined, address: '/ip4/10.99.0.3/tcp/4003' })] },
    'refused',
    /10\.99\.0\.3:4003 refuses the connection \(3 times\)/,
    /gossipchain status/,
  ],
  [
    'no route to a peer that another named',
    { sightings: [sighting({ by: 'exchange' })], dials: [dial('unreachable')] },
    'unreachable',
    /no route leads to/,
    /VPN/,
  ],
  [
    'another node at an address',
    { sightings: [sighting({ by: 'fixed', at: ago(3000) })], dials: [dial('wrong-peer')] },
    'wrong-peer',
    /another node answers at 10\.99\.0\.2:4002/,
    /new key/,
  ],
  [
    'a host name that nobody knows',
    { dials: [dial('unknown-host', { peerId: undefined, address: '/dns4/hal/tcp/1', message: 'no hal' })] },
    'unknown-host',
    /^no hal$/,
    /as numbers/,
  ],
  [
    'one that hangs up',
    { sightings: [sighting()], dials: [dial('dial-failed')] },
    'not-a-node',
    /was not reached: why/,
    /which program/,
  ],
  [
    'one that broke the rules',
    { sightings: [sighting()], dials: [dial('dropped', { failures: 1, message: 'bad block' })] },
    'dropped',
    /hung up on: bad block/,
    /same version/,
  ],
];

describe('what stands in the way', () => {
  it.each(IN_THE_WAY)('is %s', (_name, known, code, what, advice) => {
    const [first] = hindrancesIn(facts(known));
    expect(first).toMatchObject({ code, blocks: true });
    expect(first?.what).toMatch(what);
    expect(first?.advice).toMatch(advice);
  });

  it('comes in the order in which it is to be removed, what is only worth knowing last', () => {
    const known = facts({
      interfaces: [lan({ mdns: 'not-heard' })],
      storage: { directory: '/data', freeBytes: 0, writable: true },
      sightings: [sighting()],
      dials: [dial('refused')],
      clocks: [{ peerId: PEER, offsetMs: -60_000, at: ago(1) }],
    });
    expect(hindrancesIn(known).map(({ code, blocks }) => [code, blocks])).toEqual([
      ['disk-full', true],
      ['multicast-dropped', true],
      ['refused', true],
      ['clock-skew', false],
    ]);
  });
});

/** What is known where nothing is in the way. */
const NOTHING: readonly [name: string, known: Partial<Facts>][] = [
  [
    'peers are connected',
    connected({ sightings: [sighting()], dials: [dial('connected')], machines: ['10.99.0.2'] }),
  ],
  ['it has just been started', { self: aloneNode({ startedAt: ago(5) }), machines: [] }],
  ['a peer was just heard of, and is being dialled', { sightings: [sighting()] }],
  [
    'a dial has failed once: its peer was about to start',
    { sightings: [sighting()], dials: [dial('refused', { failures: 1 })] },
  ],
  [
    'one that was there yesterday is gone',
    connected({
      sightings: [sighting({ peerId: 'Qm1', by: 'remembered' })],
      dials: [dial('timed-out', { peerId: 'Qm1' })],
    }),
  ],
  [
    'one that was there a minute ago is gone',
    connected({
      sightings: [sighting({ peerId: 'Qm1', at: ago(60) })],
      dials: [dial('refused', { peerId: 'Qm1' })],
    }),
  ],
  [
    'we dialled in vain, and the peer has come by itself',
    connected({ sightings: [sighting()], dials: [dial('timed-out')], machines: ['10.99.0.2'] }),
  ],
  ['another network shares the LAN with us', connected({ otherNetworks: [OTHER], machines: ['10.99.0.2'] })],
  ['a stranger has gone', connected({ strangers: [stranger({ at: ago(600) })] })],
  [
    'mDNS fails on loopback, which leads nowhere',
    connected({ interfaces: [lan(), { ...LOOPBACK, mdns: 'failed' }] }),
  ],
  ['a clock is a little wrong', connected({ clocks: [{ peerId: PEER, offsetMs: -900, at: ago(1) }] })],
  ['no node runs yet', { self: undefined, machines: [] }],
  ['nothing is kept on disk', connected({ storage: undefined })],
];

describe('nothing stands in the way', () => {
  it.each(NOTHING)('where %s', (_name, known) => expect(hindrancesIn(facts(known))).toEqual([]));
});

/** What is worth knowing, though nothing is in the way. */
const WORTH_KNOWING: readonly [name: string, known: Partial<Facts>, code: string, what: RegExp][] = [
  [
    'a clock that is ahead',
    connected({ clocks: [{ peerId: PEER, offsetMs: -7_400, at: ago(1) }] }),
    'clock-skew',
    /the clock of bo \(…rpqqD2QnTX\) at 10\.99\.0\.2:4002 is 7\.4 s ahead of ours/,
  ],
  [
    'a clock that is behind',
    connected({ clocks: [{ peerId: 'Qm123456789012345', offsetMs: 3_600_000 * 5, at: ago(1) }] }),
    'clock-skew',
    /is 5 hours behind ours/,
  ],
  [
    'loopback alone, for nodes on one machine',
    connected({ interfaces: [LOOPBACK] }),
    'no-interface',
    /loopback/,
  ],
  [
    'multicast that fails on one of two interfaces',
    {
      ...connected({}),
      interfaces: [lan(), lan({ name: 'tun0', address: '10.8.0.1', mdns: 'failed', error: 'EPERM' })],
    },
    'mdns-failed',
    /tun0/,
  ],
  [
    'peers that mDNS does not hear: newcomers would not find them',
    connected({ machines: [] }),
    'multicast-dropped',
    /peers on eth0 are connected, and none of them is heard/,
  ],
];

describe('what is worth knowing', () => {
  it.each(WORTH_KNOWING)('is %s', (_name, known, code, what) => {
    const all = hindrancesIn(facts(known));
    expect(all).toMatchObject([{ code, blocks: false }]);
    expect(all[0]?.what).toMatch(what);
  });

  it('is nothing of our own clock', () => {
    const { self } = facts();
    const clocks = [{ peerId: self?.peerId as string, offsetMs: 60_000, at: ago(1) }];
    expect(hindrancesIn(facts(connected({ clocks, machines: ['10.99.0.2'] })))).toEqual([]);
  });

  it('is nothing of a peer far away, which mDNS cannot hear', () => {
    const peers = [{ peerId: PEER, name: '', addresses: [PEER_ADDRESS.replace('10.99.0.2', '10.5.0.2')] }];
    expect(hindrancesIn(facts({ self: aloneNode({ peers }), machines: [] }))).toEqual([]);
  });
});
