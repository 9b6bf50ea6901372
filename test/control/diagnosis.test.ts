import { describe, expect, it } from 'vitest';
import { diagnosisAnswer, factsFrom } from '../../src/control/index.js';
import { DIAGNOSIS } from '../../src/control/schemas/diagnosis.js';
import { ago, CONNECTED, dial, facts, LOOPBACK, lan, PEER, sighting, stranger } from '../helpers/facts.js';
import { ask, expectToMatch, startNode } from './support.js';

describe('/diagnosis', () => {
  it('says what a node knows, and what follows from it', async () => {
    const { url, node } = await startNode();
    const { status, json } = await ask(`${url}/diagnosis`);
    expect(status).toBe(200);
    expectToMatch(json, DIAGNOSIS);
    expect(json).toMatchObject({
      node: {
        peer_id: node.peerId,
        network_id: node.networkId,
        network: { name: 'test', difficulty: 1, genesis: node.network.genesis.hash },
        peers: [],
      },
      strangers: [],
      storage: null,
    });
  });

  it.each([
    [
      'all there is to know',
      facts({
        self: CONNECTED,
        interfaces: [
          LOOPBACK,
          lan({ mdns: 'failed', error: 'EPERM' }),
          lan({ mdns: 'off', since: undefined }),
        ],
        machines: ['10.99.0.2'],
        sightings: [sighting()],
        dials: [dial('timed-out', { peerId: undefined, address: '/ip4/10.99.0.3/tcp/1' }), dial('connected')],
        otherNetworks: [{ networkDigits: 'deadbeef', from: '10.99.0.9', at: ago(10) }],
        strangers: [stranger(), stranger({ why: 'protocol-unknown', network: undefined })],
        clocks: [{ peerId: PEER, offsetMs: -7_400, at: ago(1) }],
      }),
    ],
    ['nothing', facts({ self: undefined, interfaces: [], storage: undefined })],
    [
      'a disk that does not say',
      facts({ storage: { directory: '/d', freeBytes: undefined, writable: true } }),
    ],
  ])('is read back as it was: %s', (_what, known) => {
    const answer = JSON.parse(JSON.stringify(diagnosisAnswer(known)));
    expectToMatch(answer, DIAGNOSIS);
    expect(factsFrom(answer)).toEqual(known);
  });
});
