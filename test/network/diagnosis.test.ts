import { afterEach, describe, expect, it } from 'vitest';
import { MAX_DIAGNOSIS_ENTRIES } from '../../src/network/constants.js';
import { DiagnosisBook } from '../../src/network/diagnosis.js';
import { DialError } from '../../src/network/errors.js';
import { ISOLATED, Lan, NETWORK_ID, peerIds } from './support.js';

const OTHER_ID = '0123456789abcdef';

describe('what is kept for a diagnosis', () => {
  it('is of each peer the latest, and bounded', () => {
    const book = new DiagnosisBook();
    for (let i = 0; i < MAX_DIAGNOSIS_ENTRIES + 5; i++) {
      book.sighted(`peer${i}`, [], 'mdns');
      book.dialled({ peerId: `peer${i}` });
      book.heardOther(`${i}`, '10.0.0.1');
    }
    book.sighted('peer10', ['/ip4/10.0.0.1/tcp/1'], 'exchange');
    const { sightings, dials, otherNetworks } = book.show([]);
    expect([sightings.length, dials.length, otherNetworks.length]).toEqual(
      Array(3).fill(MAX_DIAGNOSIS_ENTRIES),
    );
    expect(sightings.at(-1)).toMatchObject({ peerId: 'peer10', by: 'exchange' });
    expect(sightings[0]?.peerId).toBe('peer5');
  });

  it('counts the failures in a row, until the peer is connected', () => {
    const book = new DiagnosisBook();
    const refused = new DialError('refused', 'x', 'nobody listens there');
    const last = () => book.show([]).dials.at(-1);
    for (const failures of [1, 2]) {
      book.dialled({ peerId: 'x' }, refused);
      expect(last()).toMatchObject({ outcome: 'refused', message: 'nobody listens there', failures });
    }
    book.dialled({ peerId: 'x' });
    expect(last()).toMatchObject({ outcome: 'connected', failures: 0 });
    book.dropped('x', { outcome: 'wrong-network', message: 'it is of another network' });
    expect(last()).toMatchObject({ outcome: 'wrong-network', failures: 1 });
  });

  it('replaces an address by the peer that was met there', () => {
    const book = new DiagnosisBook();
    book.dialled({ address: '/ip4/10.0.0.1/tcp/1' }, new DialError('refused', 'x', 'x'));
    book.dialled({ peerId: 'x', address: '/ip4/10.0.0.1/tcp/1' });
    expect(book.show([]).dials).toMatchObject([{ peerId: 'x', outcome: 'connected' }]);
  });
});

describe.skipIf(!ISOLATED)('the diagnosis of a network', () => {
  let lan = new Lan();
  afterEach(async () => {
    await lan.stop();
    lan = new Lan();
  });

  it('names interfaces, who was seen, how dials ended, and that another network is here', async () => {
    const a = await lan.started({ mdns: true });
    const b = await lan.started({ mdns: true });
    await lan.started({ mdns: true, networkId: OTHER_ID });
    await expect.poll(() => peerIds(a), { timeout: 20_000 }).toEqual([b.peerId]);
    await expect
      .poll(() => a.diagnosis(), { timeout: 20_000 })
      .toMatchObject({
        interfaces: [{ name: 'lo', address: '127.0.0.1', internal: true, mdns: 'heard' }],
        sightings: [{ peerId: b.peerId, by: 'mdns' }],
        dials: [{ peerId: b.peerId, outcome: 'connected' }],
        // Other tests' networks may be heard beside it.
        otherNetworks: expect.arrayContaining([
          expect.objectContaining({ networkDigits: OTHER_ID.slice(0, 8), from: '127.0.0.1' }),
        ]),
      });
    const others = a.diagnosis().otherNetworks.map(({ networkDigits }) => networkDigits);
    expect(others).not.toContain(NETWORK_ID.slice(0, 8));
  });

  it('names what a dial failed with, and why a peer was dropped', async () => {
    const [a, b] = [await lan.started(), await lan.started()];
    const nobody = '/ip4/127.0.0.1/tcp/1';
    await a.connect(nobody).catch(() => {}); // refused
    await a.connect(b.addresses()[0] ?? '');
    a.drop(b.peerId, { outcome: 'wrong-network', message: 'of another network' });
    expect(a.diagnosis()).toMatchObject({
      interfaces: [{ name: 'lo', mdns: 'off' }],
      sightings: [{ peerId: b.peerId, by: 'fixed' }],
      dials: [
        { peerId: undefined, address: nobody, outcome: 'refused', failures: 1 },
        { peerId: b.peerId, outcome: 'wrong-network', message: 'of another network' },
      ],
    });
  });
});
