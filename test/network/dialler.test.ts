import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SILENT } from '../../src/log.js';
import {
  FAILURE_LINES_BURST,
  FAILURE_LINES_PER_SECOND,
  HEARSAY_DIAL_MS,
  MAX_DOUBTFUL_DIALS,
  MAX_KNOWN_PEERS,
  MAX_PARALLEL_DIALS,
  MAX_TELLERS_PER_PEER,
  REDIAL_LONGEST_MS,
  REUNION_LONGEST_MS,
  REUNION_WITHIN_MS,
  SHUN_MS,
  SIGHTED_MS,
  STABLE_MS,
  YIELD_MS,
} from '../../src/network/constants.js';
import { Dialler } from '../../src/network/dialler.js';
import { DialError } from '../../src/network/errors.js';
import { recordingLogger } from './support.js';

const IDS = [
  '12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN',
  '12D3KooWNvSZnPi3RrhrTwEY4LuuBeB6K6facKUCJcyWG1aoDd2p',
  '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo',
] as const;
const [LOW, SELF, HIGH] = IDS;

/** A host whose dials end as told, and are written down with their time. */
class FakeHost {
  readonly self: string = SELF;
  readonly connected = new Set<string>();
  readonly dials: { to: string; at: number }[] = [];
  readonly start = Date.now();
  answer: (to: string) => Promise<string> = async (to) => to;
  inFlight = 0;
  most = 0;

  isConnected(peerId: string): boolean {
    return this.connected.has(peerId);
  }
  dialPeer(peerId: string, _: readonly Multiaddr[], signal: AbortSignal): Promise<string> {
    return this.#dial(peerId, signal);
  }
  dialHearsay(peerId: string, _: readonly Multiaddr[], signal: AbortSignal): Promise<string> {
    return this.#dial(peerId, signal);
  }
  dialAddress(address: Multiaddr, signal: AbortSignal): Promise<string> {
    return this.#dial(address.toString(), signal);
  }
  async #dial(to: string, signal: AbortSignal): Promise<string> {
    this.dials.push({ to, at: Date.now() - this.start });
    this.inFlight += 1;
    this.most = Math.max(this.most, this.inFlight);
    const aborted = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(new DialError('cancelled', to, 'cancelled'))),
    );
    try {
      const peerId = await Promise.race([this.answer(to), aborted]);
      this.connected.add(peerId);
      return peerId;
    } finally {
      this.inFlight -= 1;
    }
  }
}

const refused = async (to: string): Promise<string> => {
  throw new DialError('refused', to, 'refused');
};

describe('the dialler', () => {
  let host: FakeHost;
  let dialler: Dialler;
  beforeEach(() => {
    vi.useFakeTimers();
    host = new FakeHost();
    dialler = new Dialler(host, SILENT, () => 0.5); // no jitter
  });
  afterEach(() => {
    dialler.stop();
    vi.useRealTimers();
  });
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  it('dials a discovered peer with a higher id at once, one with a lower id only after two seconds', async () => {
    dialler.sight(HIGH, []);
    dialler.sight(LOW, []);
    await pass(1_999);
    expect(host.dials).toEqual([{ to: HIGH, at: 0 }]);
    await pass(1);
    expect(host.dials).toEqual([
      { to: HIGH, at: 0 },
      { to: LOW, at: 2_000 },
    ]);
  });

  it('does not dial a peer that has dialled us meanwhile', async () => {
    dialler.sight(LOW, []);
    host.connected.add(LOW);
    dialler.connected(LOW);
    await pass(60_000);
    expect(host.dials).toEqual([]);
  });

  it('gives up its dial to a peer of the lower id that comes by itself meanwhile, and to no other', async () => {
    host.answer = () => new Promise(() => {});
    dialler.sight(LOW, []);
    dialler.sight(HIGH, []);
    await pass(YIELD_MS);
    expect(host.inFlight).toBe(2);
    for (const peer of [LOW, HIGH]) {
      host.connected.add(peer);
      dialler.connected(peer);
      dialler.reachedBy(peer);
    }
    await pass(0);
    expect(host.inFlight).toBe(1);
    await pass(60_000);
    expect(host.dials.map(({ to }) => to)).toEqual([HIGH, LOW]);
  });

  it('dials a peer once, however often it is heard of', async () => {
    host.answer = () => new Promise(() => {});
    for (let i = 0; i < 10; i++) {
      dialler.sight(HIGH, []);
      await pass(100);
    }
    expect(host.dials).toHaveLength(1);
  });

  it('never dials itself', async () => {
    dialler.sight(SELF, []);
    dialler.keep(multiaddr(`/ip4/127.0.0.1/tcp/1/p2p/${SELF}`));
    await pass(60_000);
    expect(host.dials).toEqual([]);
  });

  it('gives an address up when it turns out to be our own', async () => {
    host.answer = async (to) => {
      throw new DialError('ourselves', to, 'ourselves');
    };
    dialler.keep(multiaddr('/ip4/127.0.0.1/tcp/1'));
    await pass(60_000);
    expect(host.dials).toHaveLength(1);
  });

  it('dials an address the user gave at once, also when its peer has the lower id', async () => {
    dialler.keep(multiaddr(`/ip4/127.0.0.1/tcp/1/p2p/${LOW}`));
    dialler.keep(multiaddr('/ip4/127.0.0.1/tcp/2'));
    await pass(0);
    expect(host.dials.map(({ to }) => to)).toEqual([LOW, '/ip4/127.0.0.1/tcp/2']);
  });

  it('tries again with growing waiting times, and without end', async () => {
    host.answer = refused;
    dialler.sight(HIGH, []);
    await pass(600_000);
    const times = host.dials.map(({ at }) => at);
    const waits = times.slice(1).map((at, i) => at - (times[i] ?? 0));
    expect(waits[0]).toBeLessThan(1_000);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBe(REDIAL_LONGEST_MS);
    expect(waits.length).toBeGreaterThan(20);
  });

  it('tells of those that it does not reach, and of no more than a person reads where somebody makes them up', async () => {
    const log = recordingLogger();
    const host = new FakeHost();
    host.answer = refused;
    const dialler = new Dialler(host, log);
    for (let i = 0; i < 200; i++) dialler.sight(`${HIGH.slice(0, -3)}${String(i).padStart(3, '1')}`, []);
    await pass(10_000);
    dialler.stop();
    const told = log.said.filter(({ level }) => level === 'warn');
    expect(told.length).toBeGreaterThanOrEqual(FAILURE_LINES_BURST);
    expect(told.length).toBeLessThanOrEqual(FAILURE_LINES_BURST + 10 * FAILURE_LINES_PER_SECOND + 1);
  });

  it('jitters waiting times, so that a room does not dial in step', async () => {
    const waits = await Promise.all(
      [0, 0.999].map(async (random) => {
        const host = new FakeHost();
        host.answer = refused;
        const dialler = new Dialler(host, SILENT, () => random);
        dialler.sight(HIGH, []);
        await pass(10_000);
        dialler.stop();
        return host.dials[1]?.at ?? 0;
      }),
    );
    expect(waits[0]).toBeLessThan(waits[1] ?? 0);
  });

  it('dials again soon when a good connection ends', async () => {
    dialler.sight(HIGH, []);
    await pass(0);
    dialler.connected(HIGH);
    await pass(60_000);
    host.connected.delete(HIGH);
    dialler.disconnected(HIGH);
    await pass(500);
    expect(host.dials).toHaveLength(2);
  });

  it('dials less and less a peer that hangs up at once', async () => {
    host.answer = async (to) => {
      setTimeout(() => {
        host.connected.delete(to);
        dialler.disconnected(to);
      }, 10);
      dialler.connected(to);
      return to;
    };
    dialler.sight(HIGH, []);
    await pass(60_000);
    expect(host.dials.length).toBeLessThan(15);
  });

  it('dials a peer again that came by itself and went', async () => {
    host.connected.add(HIGH);
    dialler.connected(HIGH);
    await pass(20_000);
    host.connected.delete(HIGH);
    dialler.disconnected(HIGH);
    await pass(500);
    expect(host.dials).toHaveLength(1);
  });

  it('hurries when a peer it waits for is heard of', async () => {
    host.answer = refused;
    dialler.sight(HIGH, []);
    await pass(300_000);
    const before = host.dials.length;
    dialler.sight(HIGH, []);
    await pass(2_001);
    expect(host.dials).toHaveLength(before + 1);
  });

  it('forgets a peer that was dropped', async () => {
    host.answer = refused;
    dialler.sight(HIGH, []);
    await pass(0);
    dialler.forget(HIGH);
    await pass(60_000);
    expect(host.dials).toHaveLength(1);
  });

  it.each([
    ['with its peer', `/ip4/10.0.0.1/tcp/1/p2p/${HIGH}`],
    ['without', '/ip4/10.0.0.1/tcp/1'],
  ])(
    'dials an address that the user gave, %s, again a minute after its peer was dropped',
    async (_, address) => {
      host.answer = async () => HIGH;
      dialler.keep(multiaddr(address));
      await pass(0);
      dialler.connected(HIGH);
      dialler.forget(HIGH);
      host.connected.delete(HIGH);
      dialler.disconnected(HIGH);
      dialler.hurry();
      await pass(SHUN_MS - 1);
      expect(host.dials).toHaveLength(1);
      await pass(1);
      expect(host.dials).toHaveLength(2);
    },
  );

  it('does not dial a peer at an address that the user gave whose turn comes after it was dropped', async () => {
    host.answer = (to) =>
      new Promise((_, reject) => setTimeout(() => reject(new DialError('refused', to, '')), 1_000));
    for (let i = 0; i < MAX_PARALLEL_DIALS; i++) dialler.keep(multiaddr(`/ip4/10.0.0.1/tcp/${i + 1}`));
    dialler.keep(multiaddr(`/ip4/10.0.0.1/tcp/1/p2p/${HIGH}`));
    await pass(0);
    dialler.forget(HIGH);
    await pass(SHUN_MS - 1);
    expect(host.dials.map(({ to }) => to)).not.toContain(HIGH);
    await pass(1);
    expect(host.dials.map(({ to }) => to)).toContain(HIGH);
  });

  it('ends its dial to a peer that was dropped', async () => {
    host.answer = () => new Promise(() => {});
    dialler.sight(HIGH, []);
    await pass(0);
    dialler.forget(HIGH);
    await pass(0);
    expect(host.inFlight).toBe(0);
  });

  it('forgets a peer that has no address: it will come by itself', async () => {
    host.answer = async (to) => {
      throw new DialError('no-address', to, 'no address');
    };
    dialler.sight(HIGH, []);
    await pass(60_000);
    expect(host.dials).toHaveLength(1);
  });

  it('bounds the dials at once', async () => {
    host.answer = (to) =>
      new Promise((_, reject) => setTimeout(() => reject(new DialError('refused', to, '')), 100));
    for (let i = 0; i < 50; i++) dialler.keep(multiaddr(`/ip4/127.0.0.1/tcp/${i + 1}`));
    await pass(1_000);
    expect(host.most).toBe(MAX_PARALLEL_DIALS);
    expect(new Set(host.dials.map(({ to }) => to)).size).toBe(50);
  });

  it('bounds the peers it knows', async () => {
    host.answer = refused;
    for (let i = 0; i < MAX_KNOWN_PEERS + 10; i++) dialler.sight(`peer-${i}`, []);
    await pass(2_000);
    expect(new Set(host.dials.map(({ to }) => to)).size).toBe(MAX_KNOWN_PEERS);
  });

  it('makes room for another by who failed most, and forgets nobody else', async () => {
    const dialled = () => new Set(host.dials.map(({ to }) => to));
    // Neither the first nor the last; those before it have not failed at all by then.
    host.answer = async (to) => (to === 'worst' ? await refused(to) : to);
    const before = Array.from({ length: 100 }, (_, i) => `earlier-${i}`);
    for (const peer of [...before, 'worst']) dialler.sight(peer, []);
    await pass(60_000);
    host.answer = refused;
    for (let i = before.length + 1; i < MAX_KNOWN_PEERS; i++) dialler.sight(`later-${i}`, []);
    for (const peer of before) {
      host.connected.delete(peer);
      dialler.disconnected(peer);
    }
    await pass(2_000);
    const known = dialled();
    expect(known.size).toBe(MAX_KNOWN_PEERS);
    host.answer = async (to) => (to === HIGH ? to : await refused(to));
    dialler.sight(HIGH, []);
    await pass(0);
    expect(host.dials.at(-1)?.to).toBe(HIGH);
    host.dials.length = 0;
    await pass(2 * REDIAL_LONGEST_MS);
    known.delete('worst');
    expect(dialled()).toEqual(known);
  });

  it('dials remembered peers, but keeps half of its dials for those that were just heard of', async () => {
    host.answer = () => new Promise(() => {});
    for (let i = 0; i < 20; i++) dialler.remember(`Z-remembered-${i}`);
    await pass(5_000);
    expect(host.inFlight).toBe(MAX_DOUBTFUL_DIALS);
    dialler.sight(HIGH, []);
    await pass(0);
    expect(host.dials.at(-1)?.to).toBe(HIGH);
  });

  it('dials one that it remembers at once when it is heard of, however many others it remembers', async () => {
    host.answer = () => new Promise(() => {});
    for (let i = 0; i < 20; i++) dialler.remember(`Z-remembered-${i}`);
    dialler.remember(HIGH);
    await pass(5_000);
    expect(host.dials.map(({ to }) => to)).not.toContain(HIGH);
    dialler.sight(HIGH, []);
    await pass(SIGHTED_MS);
    expect(host.dials.at(-1)?.to).toBe(HIGH);
  });

  it('has a place for strangers, however many good peers of before are gone for good', async () => {
    const gone = Array.from({ length: 8 }, (_, i) => `Z-gone-${i}`);
    for (const id of gone) dialler.sight(id, []);
    await pass(YIELD_MS);
    for (const id of gone) dialler.connected(id);
    await pass(STABLE_MS);
    host.answer = (to) =>
      new Promise((_, reject) => {
        setTimeout(() => reject(new DialError('timed-out', to, 'nobody is there')), 5_000);
      });
    host.connected.clear();
    for (const id of gone) dialler.disconnected(id);
    await pass(30_000);
    dialler.hear(HIGH, [multiaddr('/ip4/10.0.0.1/tcp/1')], 'teller');
    await pass(2 * 5_000);
    expect(host.dials.map(({ to }) => to)).toContain(HIGH);
    const last = host.dials.slice(-10).map(({ to }) => to);
    expect(last.filter((to) => gone.includes(to)).length).toBeGreaterThan(5);
  });

  it('begins with another address after each failure, since they are dialled one after the other', async () => {
    host.answer = refused;
    const dialled = vi.spyOn(host, 'dialPeer');
    const addresses = [1, 2, 3].map((port) => multiaddr(`/ip4/10.0.0.1/tcp/${port}`));
    dialler.sight(HIGH, addresses);
    await pass(10_000);
    const firsts = dialled.mock.calls.slice(0, 4).map(([, [first]]) => String(first));
    expect(firsts).toEqual([0, 1, 2, 0].map((at) => String(addresses[at])));
  });

  it('gives up a peer that cannot be reached, but none that the user gave or that is connected', async () => {
    host.answer = refused;
    const [address] = [multiaddr(`/ip4/10.0.0.1/tcp/1/p2p/${LOW}`)];
    dialler.sight(HIGH, []);
    dialler.keep(address);
    await pass(1_000);
    expect([dialler.giveUp(HIGH), dialler.giveUp(LOW)]).toEqual([true, false]);
    expect([dialler.knows(HIGH), dialler.knows(LOW)]).toEqual([false, true]);
    const before = host.dials.length;
    await pass(60_000);
    expect(new Set(host.dials.slice(before).map(({ to }) => to))).toEqual(new Set([LOW]));
    dialler.sight(HIGH, []);
    host.connected.add(HIGH);
    expect(dialler.giveUp(HIGH)).toBe(false);
  });

  it('dials no more whom the user does not want any longer, until it is heard of', async () => {
    const [one, two] = [1, 2].map((port) => multiaddr(`/ip4/10.0.0.1/tcp/${port}/p2p/${LOW}`)) as [
      Multiaddr,
      Multiaddr,
    ];
    dialler.keep(one);
    dialler.keep(two);
    await pass(0);
    host.connected.clear();
    dialler.forget(LOW);
    dialler.letGo(one);
    expect(dialler.knows(LOW)).toBe(true);
    dialler.letGo(two);
    dialler.letGo(two);
    expect(dialler.knows(LOW)).toBe(false);
    const before = host.dials.length;
    await pass(10 * SHUN_MS);
    expect(host.dials).toHaveLength(before);
    dialler.sight(LOW, []);
    await pass(YIELD_MS);
    expect(host.dials.length).toBeGreaterThan(before);
  });

  it('keeps trying at short intervals a peer that was well connected and vanished', async () => {
    dialler.sight(HIGH, []);
    await pass(0);
    dialler.connected(HIGH);
    await pass(STABLE_MS);
    host.answer = refused;
    host.connected.clear();
    dialler.disconnected(HIGH);
    await pass(REUNION_WITHIN_MS);
    const last = host.dials.at(-1)?.at ?? 0;
    expect((host.dials.at(-1)?.at ?? 0) - (host.dials.at(-2)?.at ?? 0)).toBeLessThanOrEqual(
      REUNION_LONGEST_MS,
    );
    await pass(2 * REDIAL_LONGEST_MS);
    const gap = (host.dials.at(-1)?.at ?? 0) - (host.dials.at(-2)?.at ?? 0);
    expect(host.dials.at(-1)?.at).toBeGreaterThan(last);
    expect(gap).toBe(REDIAL_LONGEST_MS);
  });

  it('tries everybody soon when the interfaces of this machine change', async () => {
    host.answer = refused;
    dialler.sight(HIGH, []);
    await pass(10 * 60_000);
    const before = host.dials.length;
    dialler.hurry();
    await pass(SIGHTED_MS);
    expect(host.dials).toHaveLength(before + 1);
  });

  it('dials at the addresses of all interfaces on which a peer was heard, the last heard first', async () => {
    const [one, two] = [multiaddr('/ip4/10.0.0.1/tcp/1'), multiaddr('/ip4/192.168.0.1/tcp/1')];
    const dialled = vi.spyOn(host, 'dialPeer');
    for (const address of [one, two, one]) dialler.sight(LOW, [address]);
    await pass(YIELD_MS);
    expect(dialled.mock.calls[0]?.[1].map(String)).toEqual([one, two].map(String));
  });

  it('tries what was announced in turns of its own, where a peer is known otherwise', async () => {
    const [own, said] = [multiaddr('/ip4/10.0.0.1/tcp/1'), multiaddr('/ip4/10.0.0.66/tcp/66')];
    host.answer = refused;
    const dials = [vi.spyOn(host, 'dialPeer'), vi.spyOn(host, 'dialHearsay')];
    dialler.sight(HIGH, [own]);
    dialler.hear(HIGH, [said], LOW);
    await pass(5_000);
    const [sighted, heard] = dials.map(({ mock }) => mock.calls.map(([, addresses]) => String(addresses)));
    expect(new Set(sighted)).toEqual(new Set([String(own)]));
    expect(new Set(heard)).toEqual(new Set([String(said)]));
    expect(Math.abs((sighted?.length ?? 0) - (heard?.length ?? 0))).toBeLessThanOrEqual(1);
  });

  it('tries in turn what each teller says of a peer, however often one of them repeats it', async () => {
    const [forged, own] = [multiaddr('/ip4/10.0.0.66/tcp/66'), multiaddr('/ip4/10.0.0.1/tcp/1')];
    host.answer = refused;
    const heard = vi.spyOn(host, 'dialHearsay');
    dialler.hear(HIGH, [forged], 'forger');
    dialler.hear(HIGH, [own], 'honest');
    dialler.hear(HIGH, [forged], 'forger');
    await pass(3_000);
    const dialled = heard.mock.calls.map(([, addresses]) => String(addresses));
    expect(dialled.slice(0, 4)).toEqual([forged, own, forged, own].map(String));
  });

  it('keeps the word of a bounded number of tellers, the last', async () => {
    const heard = vi.spyOn(host, 'dialHearsay');
    host.answer = refused;
    for (let i = 0; i <= MAX_TELLERS_PER_PEER; i++)
      dialler.hear(HIGH, [multiaddr(`/ip4/10.0.0.1/tcp/${i + 1}`)], `teller ${i}`);
    await pass(60_000);
    const dialled = new Set(heard.mock.calls.map(([, addresses]) => String(addresses)));
    expect(dialled.size).toBe(MAX_TELLERS_PER_PEER);
    expect(dialled).not.toContain('/ip4/10.0.0.1/tcp/1');
  });

  it('forgets what was announced when the peer is there', async () => {
    const heard = vi.spyOn(host, 'dialHearsay');
    dialler.hear(HIGH, [multiaddr('/ip4/10.0.0.1/tcp/1')], LOW);
    await pass(0);
    expect(heard).toHaveBeenCalledTimes(1);
    dialler.connected(HIGH);
    host.connected.delete(HIGH);
    dialler.disconnected(HIGH);
    await pass(60_000);
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('takes the strangers of those who told of them in turn, however many one tells of', async () => {
    const strangers = Array.from({ length: 40 }, (_, i) => `Qm${i}`);
    host.answer = (to) =>
      new Promise((_, reject) => {
        setTimeout(() => reject(new DialError('timed-out', to, 'nobody is there')), HEARSAY_DIAL_MS);
      });
    for (const id of strangers) dialler.hear(id, [multiaddr('/ip4/10.0.0.66/tcp/1')], 'forger');
    await pass(YIELD_MS);
    expect(host.most).toBe(MAX_DOUBTFUL_DIALS);
    dialler.hear(HIGH, [multiaddr('/ip4/10.0.0.1/tcp/1')], LOW);
    await pass(HEARSAY_DIAL_MS);
    expect(host.dials.map(({ to }) => to)).toContain(HIGH);
    expect(host.dials.length).toBe(2 * MAX_DOUBTFUL_DIALS);
  });

  it('says in one line, once, why somebody who is there cannot be reached; and nothing of who is gone', async () => {
    const log = recordingLogger();
    dialler.stop();
    dialler = new Dialler(host, log, () => 0.5);
    const told = () => log.said.flatMap(({ level, fields }) => (level === 'warn' ? [fields] : []));
    host.answer = refused;
    dialler.remember(LOW);
    dialler.sight(HIGH, []);
    await pass(60_000);
    expect(told()).toMatchObject([{ peer: HIGH, code: 'refused' }]);
    dialler.sight(HIGH, []);
    dialler.connected(HIGH);
    dialler.disconnected(HIGH);
    await pass(60_000);
    expect(told()).toHaveLength(1);
    dialler.sight(HIGH, []);
    await pass(60_000);
    expect(told()).toHaveLength(2);
  });

  it('tells how each dial ended', async () => {
    const ended: unknown[] = [];
    dialler.stop();
    dialler = new Dialler(
      host,
      SILENT,
      () => 0.5,
      ({ peerId }, failure) => ended.push([peerId, failure?.code]),
    );
    host.answer = refused;
    dialler.sight(HIGH, []);
    await pass(0);
    host.answer = async (to) => to;
    await pass(REDIAL_LONGEST_MS);
    expect(ended).toEqual([
      [HIGH, 'refused'],
      [HIGH, undefined],
    ]);
  });

  it('ends every dial and all waiting when it is stopped', async () => {
    host.answer = () => new Promise(() => {});
    dialler.sight(HIGH, []);
    dialler.sight(LOW, []);
    await pass(0);
    dialler.stop();
    await pass(0);
    expect(host.inFlight).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    dialler.sight(HIGH, []);
    await pass(60_000);
    expect(host.dials).toHaveLength(1);
  });
});
