/** Peers that tell of themselves: by one known address all meet; and whatever is said, nobody dials without end. */
import { TopicValidatorResult } from '@chainsafe/libp2p-gossipsub';
import { generateKeyPair, publicKeyToProtobuf } from '@libp2p/crypto/keys';
import {
  type PeerDiscovery,
  type PeerDiscoveryEvents,
  type PeerId,
  type PeerInfo,
  TypedEventEmitter,
} from '@libp2p/interface';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MAX_PEER_MESSAGE_BYTES } from '../../protocols/gossip/constants.js';
import { topics } from '../../protocols/gossip/index.js';
import { SILENT } from '../../src/log.js';
import {
  ANNOUNCE_ANSWER_MS,
  ANNOUNCE_LONGEST_MS,
  ANNOUNCEMENTS_BURST,
  HINT_INTERVAL_MS,
  MAX_ANNOUNCED_ADDRESSES,
  MAX_STRANGERS,
  STRANGER_PATIENCE_MS,
} from '../../src/network/constants.js';
import type { AnnouncerInit } from '../../src/network/host.js';
import type { Network } from '../../src/network/network.js';
import { type ExchangeHost, type ExchangePeers, PeerExchange } from '../../src/network/peer-exchange.js';
import { ISOLATED, Lan, NETWORK_ID, peerIds } from './support.js';

const TOPIC = topics(NETWORK_ID).peers;

async function stranger(): Promise<PeerId> {
  return peerIdFromPrivateKey(await generateKeyPair('Ed25519'));
}

describe.skipIf(!ISOLATED)('nodes that share their peers', () => {
  let lan: Lan;
  beforeEach(() => {
    lan = new Lan();
  });
  afterEach(() => lan.stop());

  const othersOf = (network: Network, all: readonly Network[]) =>
    all
      .filter((other) => other !== network)
      .map(({ peerId }) => peerId)
      .sort();

  async function untilAllMet(all: readonly Network[], timeout: number): Promise<void> {
    await expect
      .poll(() => all.map(peerIds), { timeout })
      .toEqual(all.map((network) => othersOf(network, all)));
  }

  it('all meet when each knows the address of one', async () => {
    const first = await lan.started({ sharePeers: true });
    const peers = first.addresses();
    const others = await Promise.all([1, 2, 3, 4].map(() => lan.started({ sharePeers: true, peers })));
    await untilAllMet([first, ...others], 15_000);
  });

  it('all meet when each knows the one before only', async () => {
    const all = [await lan.started({ sharePeers: true })];
    for (let i = 1; i < 5; i++)
      all.push(await lan.started({ sharePeers: true, peers: (all[i - 1] as Network).addresses() }));
    await untilAllMet(all, 15_000);
  });

  it('also meet one that comes later and can only dial', async () => {
    const first = await lan.started({ sharePeers: true });
    const peers = first.addresses();
    const all = [
      first,
      await lan.started({ sharePeers: true, peers }),
      await lan.started({ sharePeers: true, peers }),
    ];
    await untilAllMet(all, 15_000);
    all.push(await lan.started({ sharePeers: true, peers, listen: [] }));
    await untilAllMet(all, 20_000);
  });

  it('leave nothing of it behind when they stop, and begin again', async () => {
    const a = await lan.started({ sharePeers: true });
    await a.stop();
    await a.start();
    const b = await lan.started({ sharePeers: true, peers: a.addresses() });
    const c = await lan.started({ sharePeers: true, peers: a.addresses() });
    await untilAllMet([a, b, c], 15_000);
  });

  it('refuse what is no announcement, or too large, and pass it on to nobody', async () => {
    const hit = vi.fn();
    const a = await lan.started({ sharePeers: true, bounds: { hit } });
    const b = await lan.started({ sharePeers: true, peers: a.addresses() });
    await expect.poll(() => b.subscribers(TOPIC)).toEqual([a.peerId]);
    const { topicValidators } = a.pubsub as unknown as ExchangeHost['services']['pubsub'];
    const validate = topicValidators.get(TOPIC);
    const key = publicKeyToProtobuf((await generateKeyPair('Ed25519')).publicKey);
    const announcement = Buffer.concat([Buffer.of(0x0a, key.length), key]);
    const from = a.idOf(b.peerId);
    const verdict = (data: Uint8Array) => validate?.(from, { type: 'unsigned', topic: TOPIC, data });
    expect(await verdict(Buffer.from('garbage'))).toBe(TopicValidatorResult.Reject);
    expect(await verdict(Buffer.alloc(0))).toBe(TopicValidatorResult.Reject);
    expect(await verdict(Buffer.concat([announcement, Buffer.alloc(MAX_PEER_MESSAGE_BYTES)]))).toBe(
      TopicValidatorResult.Reject,
    );
    expect(await verdict(announcement)).toBe(TopicValidatorResult.Ignore);
    for (let i = 1; i < ANNOUNCEMENTS_BURST; i++) await verdict(announcement);
    expect(hit.mock.calls).toEqual(Array(3).fill(['announcement-size', b.peerId]));
    for (let i = 0; i < ANNOUNCEMENTS_BURST; i++) await verdict(announcement);
    expect(hit).toHaveBeenLastCalledWith('announcement-rate', b.peerId);
  });
});

describe('what is announced', () => {
  class FakeAnnouncer extends TypedEventEmitter<PeerDiscoveryEvents> {
    init: AnnouncerInit | undefined;
    said: PeerInfo | undefined;
    make = async (init: AnnouncerInit): Promise<PeerDiscovery> => {
      this.init = init;
      init.pubsub.addEventListener('message', () => {
        this.dispatchEvent(new CustomEvent('peer', { detail: this.said }));
      });
      return this as unknown as PeerDiscovery;
    };
  }

  class FakePeers implements ExchangePeers {
    readonly known = new Map<string, string[]>();
    readonly connected = new Set<string>();
    readonly addresses = new Map<string, string[]>();
    isConnected = (peerId: string) => this.connected.has(peerId);
    addressesOf = (peerId: string) => this.addresses.get(peerId) ?? [];
    isKnown = (peerId: string) => this.known.has(peerId);
    hear = (peerId: string, addresses: Multiaddr[]) => void this.known.set(peerId, addresses.map(String));
    giveUp = (peerId: string) => void this.known.delete(peerId);
  }

  let announcer: FakeAnnouncer;
  let validators: ExchangeHost['services']['pubsub']['topicValidators'];
  let tellers: PeerId[];
  let peers: FakePeers;
  let own: string[];
  let published: Uint8Array[];
  let exchange: PeerExchange;
  const hit = vi.fn();
  beforeEach(async () => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
    });
    announcer = new FakeAnnouncer();
    peers = new FakePeers();
    own = ['/ip4/192.168.1.20/tcp/4001'];
    published = [];
    hit.mockClear();
    validators = new Map();
    const pubsub = Object.assign(new TypedEventEmitter(), {
      topicValidators: validators,
      subscribe: () => {},
      unsubscribe: () => {},
      getSubscribers: () => [],
      publish: async (_topic: string, data: Uint8Array) => void published.push(data),
    });
    const host = { services: { pubsub, announcer }, getMultiaddrs: () => own.map((text) => multiaddr(text)) };
    exchange = new PeerExchange(host as unknown as ExchangeHost, NETWORK_ID, peers, SILENT, { hit });
    exchange.start();
    await vi.advanceTimersByTimeAsync(0);
    tellers = await Promise.all(Array.from({ length: 20 }, stranger));
    turn = 0;
  });

  /** So many tellers that none of them is held up: that is for other tests. */
  let turn = 0;
  const tell = (id: PeerId, ...addresses: string[]) =>
    tellBy(tellers[turn++ % tellers.length] as PeerId, id, ...addresses);

  async function tellBy(teller: PeerId, id: PeerId, ...addresses: string[]) {
    announcer.said = { id, multiaddrs: addresses.map((text) => multiaddr(text)) };
    const data = Buffer.from('0a2408011220', 'hex');
    return await validators.get(TOPIC)?.(teller, { type: 'unsigned', topic: TOPIC, data });
  }
  afterEach(async () => {
    await exchange.stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('is dialled where it is on the LAN, and nowhere else', async () => {
    const id = await stranger();
    const near = [
      '/ip4/192.168.7.1/tcp/4001',
      '/ip4/10.1.2.3/tcp/1',
      '/ip4/169.254.3.4/tcp/9',
      '/ip6/fd00::1/tcp/4001',
    ];
    const away = ['/ip4/8.8.8.8/tcp/53', '/ip6/2606:4700::1/tcp/443', '/dns4/example.org/tcp/80'];
    const here = ['/ip4/127.0.0.1/tcp/22', '/ip6/::1/tcp/22'];
    const odd = ['/ip4/192.168.1.1/udp/4001/quic-v1', '/ip4/192.168.1.1/tcp/80/ws', '/ip6/fe80::1/tcp/4001'];
    await tell(id, ...away, ...here, ...odd, ...near);
    expect(peers.known.get(id.toString())).toEqual(near);
    const other = await stranger();
    await tell(other, ...away, ...here, ...odd);
    expect(peers.known.has(other.toString())).toBe(false);
  });

  it('is dialled on this machine only by a node that is reached from nowhere else', async () => {
    own = ['/ip4/127.0.0.1/tcp/4001'];
    const id = await stranger();
    await tell(id, '/ip4/127.0.0.1/tcp/4002');
    expect(peers.known.get(id.toString())).toEqual(['/ip4/127.0.0.1/tcp/4002']);
  });

  it('brings a few addresses at most, and none of a peer that is connected', async () => {
    const [one, two] = [await stranger(), await stranger()];
    const many = Array.from({ length: 100 }, (_, i) => `/ip4/10.0.0.${i}/tcp/1`);
    await tell(one, ...many);
    expect(peers.known.get(one.toString())).toEqual(many.slice(0, MAX_ANNOUNCED_ADDRESSES));
    peers.connected.add(two.toString());
    await tell(two, ...many);
    expect(peers.known.has(two.toString())).toBe(false);
  });

  it('of the same peer over and over by the same other hurries no more dials than one in half a minute', async () => {
    const id = await stranger();
    const [teller] = tellers as [PeerId];
    const hear = vi.spyOn(peers, 'hear');
    for (let i = 0; i < 100; i++) await tellBy(teller, id, '/ip4/10.0.0.1/tcp/1');
    expect(hear).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(HINT_INTERVAL_MS);
    for (let i = 0; i < 100; i++) await tellBy(teller, id, '/ip4/10.0.0.2/tcp/1');
    expect(hear).toHaveBeenCalledTimes(2);
    expect(peers.known.get(id.toString())).toEqual(['/ip4/10.0.0.2/tcp/1']);
  });

  it('by a forger first does not keep the word of another from being heard', async () => {
    const id = await stranger();
    const [forger, honest] = tellers as [PeerId, PeerId];
    const hear = vi.spyOn(peers, 'hear');
    await tellBy(forger, id, '/ip4/10.0.0.66/tcp/1');
    await tellBy(honest, id, '/ip4/10.0.0.1/tcp/1');
    expect(hear.mock.calls.map(([, addresses]) => String(addresses))).toEqual([
      '/ip4/10.0.0.66/tcp/1',
      '/ip4/10.0.0.1/tcp/1',
    ]);
  });

  it('of strangers is followed for a bounded number at once, each for a bounded time', async () => {
    const ids = await Promise.all(Array.from({ length: MAX_STRANGERS + 20 }, stranger));
    const tellAll = async () => {
      for (const id of ids) await tell(id, '/ip4/10.0.0.1/tcp/1');
    };
    await tellAll();
    await tellAll();
    expect(peers.known.size).toBe(MAX_STRANGERS);
    await vi.advanceTimersByTimeAsync(STRANGER_PATIENCE_MS * 2);
    expect(peers.known.size).toBe(0);
  });

  it('goes no further, but of a peer that we are connected to', async () => {
    const id = await stranger();
    expect(await tell(id, '/ip4/10.0.0.1/tcp/1')).toBe(TopicValidatorResult.Ignore);
    peers.connected.add(id.toString());
    peers.addresses.set(id.toString(), [`/ip4/10.0.0.1/tcp/1/p2p/${id}`, `/ip4/10.0.0.2/tcp/1/p2p/${id}`]);
    expect(await tell(id, '/ip4/10.0.0.1/tcp/1')).toBe(TopicValidatorResult.Accept);
    expect(await tell(id)).toBe(TopicValidatorResult.Accept); // it can only dial
  });

  it('goes no further with an address that the peer, which we are connected to, has not told us itself', async () => {
    const id = await stranger();
    peers.connected.add(id.toString());
    peers.addresses.set(id.toString(), [`/ip4/10.0.0.1/tcp/1/p2p/${id}`]);
    const forged = await tell(id, '/ip4/10.0.0.1/tcp/1', '/ip4/10.0.0.66/tcp/1');
    expect(forged).toBe(TopicValidatorResult.Ignore);
  });

  it('of strangers without end takes no place that what another tells of could have', async () => {
    const [forger, honest] = tellers as [PeerId, PeerId];
    for (let i = 0; i < MAX_STRANGERS; i++) await tellBy(forger, await stranger(), '/ip4/10.0.0.66/tcp/1');
    const newcomers = await Promise.all(Array.from({ length: 30 }, stranger));
    for (const id of newcomers) await tellBy(honest, id, '/ip4/10.0.0.1/tcp/1');
    expect(hit).not.toHaveBeenCalled();
    for (let i = 0; i < MAX_STRANGERS; i++) await tellBy(forger, await stranger(), '/ip4/10.0.0.66/tcp/1');
    for (const id of newcomers) expect(peers.known.has(id.toString())).toBe(true);
    expect(peers.known.size).toBe(MAX_STRANGERS);
    expect(hit.mock.calls).toEqual(Array(MAX_STRANGERS).fill(['announced-strangers', forger.toString()]));
  });

  it('of those who were reached keeps no place that a stranger could have', async () => {
    const ids = await Promise.all(Array.from({ length: MAX_STRANGERS + 1 }, stranger));
    for (const id of ids) await tell(id, '/ip4/10.0.0.1/tcp/1');
    const [first, last] = [ids[0]?.toString() ?? '', ids.at(-1) as PeerId];
    peers.connected.add(first);
    await tell(last, '/ip4/10.0.0.1/tcp/1');
    expect(peers.known.has(last.toString())).toBe(true);
    await vi.advanceTimersByTimeAsync(STRANGER_PATIENCE_MS * 2);
    expect([...peers.known.keys()]).toEqual([first]);
  });

  /** What the announcer does while somebody listens. */
  async function pass(ms: number): Promise<void> {
    for (let at = 0; at < ms; at += 1_000) {
      announcer.init?.pubsub.publish(TOPIC, Buffer.from('me'));
      await vi.advanceTimersByTimeAsync(1_000);
    }
  }

  it('of ourselves goes out ever less often, each time as another message', async () => {
    await pass(8_000);
    expect(published).toHaveLength(4);
    await pass(10 * ANNOUNCE_LONGEST_MS);
    expect(published.length).toBeLessThan(20);
    expect(new Set(published.map((data) => Buffer.from(data).toString('hex'))).size).toBe(published.length);
  });

  it('of ourselves answers a stranger soon, and many strangers no sooner', async () => {
    await pass(10 * ANNOUNCE_LONGEST_MS);
    const before = published.length;
    for (let i = 0; i < 20; i++) await tell(await stranger());
    await pass(1_000);
    expect(published.length).toBe(before + 1);
    for (let i = 0; i < 20; i++) await tell(await stranger());
    await pass(ANNOUNCE_ANSWER_MS - 1_000);
    expect(published.length).toBe(before + 1);
    await pass(1_000);
    expect(published.length).toBe(before + 2);
  });
});
