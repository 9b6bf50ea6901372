import { describe, expect, it } from 'vitest';
import { isHindered, recommendation } from '../../../src/cli/doctor/recommendation.js';
import { reportText } from '../../../src/cli/doctor/report.js';
import { type Facts, hindrancesIn, STORAGE_TROUBLES } from '../../../src/node/index.js';
import { ago, CONNECTED, dial, facts, LOOPBACK, lan, PEER, sighting, stranger } from '../../helpers/facts.js';

const report = (known: Facts) => reportText(known, hindrancesIn(known));

describe('the recommendation', () => {
  it.each<[string, Partial<Facts>, RegExp]>([
    [
      'of the first thing in the way',
      { interfaces: [LOOPBACK], machines: [] },
      /^Connect this machine to the LAN/,
    ],
    ['to start a node', { self: undefined }, /^Nothing is in the way: start a node with gossipchain start/],
    [
      'to wait, where a peer is being dialled',
      { sightings: [sighting()] },
      /nobody has come yet: ask again in 15 s/,
    ],
    [
      'nothing',
      { self: CONNECTED, machines: ['10.99.0.2'] },
      /^Nothing is in the way: 1 peer is connected\.$/,
    ],
    [
      'what is worth doing all the same',
      { self: CONNECTED, clocks: [{ peerId: PEER, offsetMs: -60_000, at: ago(1) }] },
      /^Nothing is in the way: 1 peer is connected\. Set the clock/,
    ],
  ])('is one: %s', (_what, known, text) => {
    const all = facts(known);
    const hindrances = hindrancesIn(all);
    const said = recommendation(all, hindrances);
    expect(said).toMatch(text);
    expect(said).not.toContain('\n');
    expect(isHindered(hindrances)).toBe(!said.startsWith('Nothing is in the way'));
  });
});

describe('the report', () => {
  it('says in order what was looked at, what stands in the way and what to do', () => {
    const known = facts({
      machines: ['10.99.0.2'],
      interfaces: [
        LOOPBACK,
        lan(),
        lan({ name: 'tun0', address: '10.8.0.1', mdns: 'failed', error: 'EPERM' }),
      ],
      sightings: [sighting()],
      dials: [dial('timed-out')],
      strangers: [
        stranger({
          peerId: 'Qm123456789012345',
          network: { name: 'x\u001b[2J', difficulty: 2, genesisHash: 'cd'.repeat(32) },
          at: ago(300),
        }),
      ],
    });
    expect(report(known)).toBe(
      `Interfaces
  ok  eth0  10.99.0.1
  ok  tun0  10.8.0.1

Multicast
  ok  eth0  our own question is heard
  !!  tun0  the question cannot be sent (EPERM)
  ok  other machines heard: 10.99.0.2

Peers
  !!  …rpqqD2QnTX: heard by mDNS 3 s ago at /ip4/10.99.0.2/tcp/4002: timed-out, 3 times, last 2 s ago

Other networks
  --  …6789012345 is of the network "x\\u001b[2J", difficulty 2, genesis cdcdcdcdcdcd…: asked 5 minutes ago

Data directory
  ok  /data, 50 GiB free

In the way
  port-blocked: the port is blocked: …rpqqD2QnTX at 10.99.0.2:4002 does not answer, though it is heard by mDNS (timed out 3 times)
  mdns-failed: the system refuses to send mDNS on tun0 (10.8.0.1): EPERM

Recommendation
  Let connections in at 10.99.0.2:4002: the firewall there, or the Wi-Fi's client isolation, holds them back. Or let them in here (TCP port 4001): one of the two is enough.`,
    );
  });

  it('says of what was heard a moment ago that it was just now', () => {
    expect(report(facts({ sightings: [sighting({ at: ago(0.4) })] }))).toContain('heard by mDNS just now at');
  });

  it('says ok of no data directory that something is wrong with', () => {
    const storage = { directory: '/data', freeBytes: 50 * 2 ** 30, writable: true };
    for (const trouble of STORAGE_TROUBLES)
      expect(report(facts({ storage: { ...storage, trouble } })), trouble).toMatch(
        /^Data directory\n {2}!! {2}.*\/data/m,
      );
    expect(report(facts({ storage: { ...storage, freeBytes: 5 << 20 } }))).toMatch(
      /^ {2}!! {2}.*5 MiB left$/m,
    );
  });

  it('of many peers shows those first that are connected, and counts the rest', () => {
    const many = Array.from({ length: 60 }, (_, at) => sighting({ peerId: `${at}`.padStart(20, 'Q') }));
    const lines = report(facts({ self: CONNECTED, sightings: many })).split('\n');
    const peers = lines.slice(lines.indexOf('Peers') + 1, lines.indexOf('', lines.indexOf('Peers')));
    expect(peers).toHaveLength(41);
    expect(peers[0]).toContain('bo (…rpqqD2QnTX): connected');
    expect(peers.at(-1)).toContain('and 21 others');
  });
});
