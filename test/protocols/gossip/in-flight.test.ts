import { describe, expect, it } from 'vitest';
import {
  IN_FLIGHT_OVERHEAD_BYTES,
  MAX_IN_FLIGHT_BYTES,
  MAX_IN_FLIGHT_BYTES_PER_PEER,
} from '../../../protocols/gossip/constants.js';
import { InFlight } from '../../../protocols/gossip/in-flight.js';

const WHOLE = MAX_IN_FLIGHT_BYTES_PER_PEER - IN_FLIGHT_OVERHEAD_BYTES;

describe('what is in validation', () => {
  it('is bounded for one peer, who leaves room for another', () => {
    const inFlight = new InFlight();
    expect(inFlight.take('a', WHOLE)).toBeDefined();
    expect(inFlight.take('a', 0)).toBeUndefined();
    expect(inFlight.take('b', WHOLE)).toBeDefined();
  });

  it('is bounded for all', () => {
    const inFlight = new InFlight();
    const peers = MAX_IN_FLIGHT_BYTES / MAX_IN_FLIGHT_BYTES_PER_PEER;
    for (let i = 0; i < peers; i++) expect(inFlight.take(`${i}`, WHOLE)).toBeDefined();
    expect(inFlight.take('one more', 0)).toBeUndefined();
  });

  it('makes room again when it is done', () => {
    const inFlight = new InFlight();
    const release = inFlight.take('a', WHOLE);
    release?.();
    expect(inFlight.take('a', WHOLE)).toBeDefined();
  });
});
