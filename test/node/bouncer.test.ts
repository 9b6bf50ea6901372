import { beforeEach, describe, expect, it } from 'vitest';
import type { Logger } from '../../src/log.js';
import { Bouncer } from '../../src/node/bouncer.js';
import { DROP_LINES_BURST, FAULTS_FADE_MS } from '../../src/node/constants.js';

describe('a peer at fault', () => {
  let now: number;
  let dropped: string[];
  let lines: { peer: string; reason: string }[];
  let bouncer: Bouncer;

  beforeEach(() => {
    now = 0;
    dropped = [];
    lines = [];
    const nothing = () => {};
    const log: Logger = {
      debug: nothing,
      info: nothing,
      error: nothing,
      warn: (fields) => void lines.push(fields as (typeof lines)[number]),
    };
    const drop = (peer: string) => {
      if (dropped.includes(peer)) return false;
      dropped.push(peer);
      return true;
    };
    bouncer = new Bouncer({ drop }, log, () => now);
  });

  const reject = (peer: string, times: number) => {
    for (let i = 0; i < times; i++) bouncer.hit('gossip-rejected', peer);
  };

  it('is dropped at once for what no mistake explains', () => {
    bouncer.hit('muxer-frame-size', 'eve');
    expect(dropped).toEqual(['eve']);
  });

  it('is dropped for many small faults, not for a few', () => {
    reject('eve', 4);
    expect(dropped).toEqual([]);
    reject('eve', 1);
    expect(dropped).toEqual(['eve']);
  });

  it.each([
    ['gossip-rejected', 5, 12_000],
    ['announcement-size', 5, 12_000],
    ['chain-request-malformed', 8, 7_500],
    ['chain-request-rate', 1_024, 58],
  ] as const)('is dropped for %s with number %d while the clock goes on', (bound, drops, fadesMs) => {
    const hits = (peer: string, count: number, everyMs: number) => {
      for (let i = 0; i < count; i++) {
        bouncer.hit(bound, peer);
        now += everyMs;
      }
    };
    // The last of them comes when the first is not forgotten yet.
    hits('eve', drops - 1, (fadesMs - 1) / drops);
    expect(dropped).toEqual([]);
    hits('eve', 1, 0);
    expect(dropped).toEqual(['eve']);
    hits('alice', 3 * drops, fadesMs + 1);
    expect(dropped).toEqual(['eve']);
  });

  it('answers for each kind of fault by itself', () => {
    reject('eve', 4);
    for (let i = 0; i < 7; i++) bouncer.hit('chain-request-malformed', 'eve');
    expect(dropped).toEqual([]);
    bouncer.hit('chain-request-malformed', 'eve');
    expect(dropped).toEqual(['eve']);
  });

  it('is forgiven with time', () => {
    reject('eve', 4);
    now += FAULTS_FADE_MS;
    reject('eve', 4);
    expect(dropped).toEqual([]);
  });

  it('answers for its own faults, and not for limits that anybody may hit', () => {
    reject('eve', 4);
    reject('mallory', 4);
    for (let i = 0; i < 10_000; i++) bouncer.hit('mempool', 'alice');
    expect(dropped).toEqual([]);
  });

  it('is named in one line, however much it does', () => {
    reject('eve', 1_000);
    for (let i = 0; i < 10; i++) bouncer.drop('eve', { outcome: 'dropped', message: 'again' });
    expect(lines).toEqual([{ peer: 'eve', reason: 'it gossips what is not valid' }]);
  });

  it('among hundreds does not fill the log: who was not named is counted', () => {
    for (let i = 0; i < 500; i++) bouncer.hit('muxer-frame-size', `eve ${i}`);
    expect(dropped).toHaveLength(500);
    expect(lines.length).toBeLessThanOrEqual(DROP_LINES_BURST + 1);
    now += 10_000;
    bouncer.hit('muxer-frame-size', 'mallory');
    expect(lines.at(-1)).toMatchObject({ peer: 'mallory', 'and others': 500 - (lines.length - 1) });
  });
});
