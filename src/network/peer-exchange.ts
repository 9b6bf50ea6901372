/**
 * Peers tell of themselves over pubsub: where multicast is dead, one known address is enough to meet everyone.
 *
 * `@libp2p/pubsub-peer-discovery` writes and reads the announcements; README.md says why it and not kad-dht, with the
 * figures. Around it stands what it leaves open: how often is announced, what is let in, and what may come of it.
 */
import { randomBytes } from 'node:crypto';
import { type Message, TopicValidatorResult } from '@chainsafe/libp2p-gossipsub';
import { type PeerId, type PeerInfo, start, stop, TypedEventEmitter } from '@libp2p/interface';
import type { PubSub, PubSubEvents } from '@libp2p/pubsub-peer-discovery';
import { isLoopback } from '@libp2p/utils';
import type { Multiaddr } from '@multiformats/multiaddr';
import { MAX_PEER_MESSAGE_BYTES } from '../../protocols/gossip/constants.js';
import { beginsAs } from '../../protocols/gossip/message-id.js';
import { topics } from '../../protocols/gossip/topics.js';
import { type Bounds, UNCOUNTED } from '../bounds.js';
import type { Logger } from '../log.js';
import { TokenBuckets } from '../token-buckets.js';
import { withoutPeerId } from './address.js';
import { near } from './announce.js';
import * as limits from './constants.js';
import type { AnnouncerMaker, Host } from './host.js';

/** What the announcements bring peers to, and take them back from. */
export interface ExchangePeers {
  isConnected(peerId: string): boolean;
  /** Where a connected peer can be dialled, as it says itself: multiaddrs, with peer id. */
  addressesOf(peerId: string): readonly string[];
  /** Whether it is dialled already, whoever told of it. */
  isKnown(peerId: string): boolean;
  /** @param teller the peer that passed the announcement on */
  hear(peerId: string, addresses: Multiaddr[], teller: string): void;
  /** A peer that only announcements told of was never reached. */
  giveUp(peerId: string): void;
}

type GossipPubsub = Pick<
  Host['services']['pubsub'],
  'topicValidators' | 'subscribe' | 'unsubscribe' | 'getSubscribers' | 'publish'
>;

/** The part of the host that is used. */
export interface ExchangeHost {
  readonly services: { readonly pubsub: GossipPubsub; readonly announcer: AnnouncerMaker };
  /** This node's addresses, as others may dial them. */
  getMultiaddrs(): Multiaddr[];
}

/** Field 15, eight bytes: what makes an announcement another message than the one before. Readers skip it. */
const NONCE_TAG = Buffer.of((15 << 3) | 1);
const NONCE_BYTES = 8;

/** Announces this node, and hears of others; dialling them is the dialler's. */
export class PeerExchange {
  readonly #host: ExchangeHost;
  readonly #peers: ExchangePeers;
  readonly #topic: string;
  readonly #log: Logger;
  readonly #bounds: Bounds;
  readonly #rates = new TokenBuckets(
    limits.ANNOUNCEMENTS_PER_SECOND,
    limits.ANNOUNCEMENTS_BURST,
    limits.MAX_CONNECTIONS,
  );
  /** Of each peer, by who passes them on: its announcements hurry the next dial. */
  readonly #hints = new TokenBuckets(
    1_000 / limits.HINT_INTERVAL_MS,
    1,
    limits.MAX_KNOWN_PEERS * limits.MAX_TELLERS_PER_PEER,
  );
  /** Peers that only announcements told of and that were not reached yet: who told of each, and when. */
  readonly #strangers = new Map<string, { teller: string; since: number }>();
  readonly #gate: Gate;
  /** What the announcer has read in the message that it was given last. */
  #read: PeerInfo | undefined;
  #open: Promise<() => Promise<void>> | undefined;

  /** @param networkId 16 hex digits */
  constructor(
    host: ExchangeHost,
    networkId: string,
    peers: ExchangePeers,
    log: Logger,
    bounds: Bounds = UNCOUNTED,
  ) {
    this.#host = host;
    this.#bounds = bounds;
    this.#peers = peers;
    this.#topic = topics(networkId).peers;
    this.#log = log;
    this.#gate = new Gate(host.services.pubsub, log);
  }

  /** To be called when the host listens: before, it has no address to tell. */
  start(): void {
    this.#open ??= this.#begin();
    this.#open.catch((error: Error) => this.#log.error({ error }, 'peer-exchange-failed'));
  }

  async stop(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.then(
      (close) => close(),
      () => {}, // told of by start
    );
  }

  /** @returns what undoes it */
  async #begin(): Promise<() => Promise<void>> {
    const { announcer: maker, pubsub } = this.#host.services;
    const announcer = await maker.make({
      topic: this.#topic,
      intervalMs: limits.ANNOUNCE_FIRST_MS,
      addresses: () => this.#host.getMultiaddrs().slice(0, limits.MAX_ANNOUNCED_ADDRESSES).map(withoutPeerId),
      pubsub: this.#gate,
    });
    announcer.addEventListener('peer', this.#onPeer);
    pubsub.topicValidators.set(this.#topic, this.#validate);
    await start(announcer);
    const sweep = setInterval(() => this.#giveUp(), limits.STRANGER_PATIENCE_MS / 4);
    return async () => {
      clearInterval(sweep);
      announcer.removeEventListener('peer', this.#onPeer);
      await stop(announcer);
      pubsub.topicValidators.delete(this.#topic);
    };
  }

  /** A peer has connected: it, and whoever it knows, shall hear of us soon. It is no stranger any more. */
  met(peerId: string): void {
    this.#strangers.delete(peerId);
    this.#gate.hurry();
  }

  /**
   * Nobody signs an announcement: whoever is in the network can say it of anybody. So it is passed on only of a peer that
   * we are connected to, and that has told us by itself of every address; of any other it is a hint, which goes no further.
   */
  readonly #validate = async (from: PeerId, message: Message): Promise<TopicValidatorResult> => {
    const { data } = message;
    const teller = from.toString();
    if (data.length > MAX_PEER_MESSAGE_BYTES || !beginsAs('peers', data)) {
      this.#log.debug({ kind: 'peer', peer: teller, bytes: data.length }, 'gossip-rejected');
      this.#bounds.hit('announcement-size', teller);
      return TopicValidatorResult.Reject;
    }
    if (!this.#rates.take(teller)) {
      this.#bounds.hit('announcement-rate', teller);
      return TopicValidatorResult.Ignore;
    }
    const peer = this.#peerIn(message);
    if (peer === undefined) return TopicValidatorResult.Ignore;
    if (this.#peers.isConnected(peer.id.toString()))
      return this.#isOwnWord(peer) ? TopicValidatorResult.Accept : TopicValidatorResult.Ignore;
    this.#hear(peer, teller);
    return TopicValidatorResult.Ignore;
  };

  #isOwnWord({ id, multiaddrs }: PeerInfo): boolean {
    const own = this.#peers.addressesOf(id.toString());
    return multiaddrs.every((address) => own.includes(`${withoutPeerId(address)}/p2p/${id}`));
  }

  /** @returns undefined where it is ourselves, or cannot be read */
  #peerIn(message: Message): PeerInfo | undefined {
    this.#read = undefined;
    this.#gate.show(message);
    return this.#read;
  }

  readonly #onPeer = ({ detail }: CustomEvent<PeerInfo>): void => {
    this.#read = detail;
  };

  #hear({ id, multiaddrs }: PeerInfo, teller: string): void {
    const peerId = id.toString();
    // It may be one that can dial and cannot be dialled: it shall know of us soon.
    if (!this.#peers.isKnown(peerId)) this.#gate.hurry();
    // Who has no other address has all of its peers on this machine.
    const loopbackOnly = this.#host.getMultiaddrs().every(isLoopback);
    const addresses = near(multiaddrs)
      .filter((address) => loopbackOnly || !isLoopback(address))
      .slice(0, limits.MAX_ANNOUNCED_ADDRESSES);
    if (addresses.length === 0) return;
    if (!this.#peers.isKnown(peerId)) {
      if (!this.#hasRoomFor(teller)) {
        this.#log.debug({ peer: peerId, teller }, 'announcement-ignored-when-full');
        this.#bounds.hit('announced-strangers', teller);
        return;
      }
      this.#strangers.set(peerId, { teller, since: performance.now() });
    }
    if (this.#hints.take(`${peerId} ${teller}`)) this.#peers.hear(peerId, addresses, teller);
  }

  /** Whoever told of the most strangers that nobody has reached makes room for who told of fewer. */
  #hasRoomFor(teller: string): boolean {
    if (this.#strangers.size >= limits.MAX_STRANGERS) this.#giveUp();
    if (this.#strangers.size < limits.MAX_STRANGERS) return true;
    const told = new Map<string, string[]>();
    for (const [peerId, { teller: by }] of this.#strangers) told.set(by, [...(told.get(by) ?? []), peerId]);
    const [most = []] = [...told.values()].sort((a, b) => b.length - a.length);
    const [oldest] = most;
    if (oldest === undefined || most.length <= (told.get(teller)?.length ?? 0) + 1) return false;
    this.#strangers.delete(oldest);
    this.#peers.giveUp(oldest);
    return true;
  }

  #giveUp(): void {
    for (const [peerId, { since }] of this.#strangers) {
      const isLate = performance.now() - since > limits.STRANGER_PATIENCE_MS;
      if (!isLate && !this.#peers.isConnected(peerId)) continue;
      this.#strangers.delete(peerId);
      if (!this.#peers.isConnected(peerId)) this.#peers.giveUp(peerId);
    }
  }
}

/**
 * Stands between the announcer and gossipsub. The announcer would publish every second while somebody listens: let
 * through are the first, then ever fewer. It is shown what comes before anything is passed on.
 */
class Gate extends TypedEventEmitter<PubSubEvents> implements PubSub {
  readonly #pubsub: GossipPubsub;
  readonly #log: Logger;
  #lastAt = Number.NEGATIVE_INFINITY;
  #nextAt = 0;
  #gapMs: number = limits.ANNOUNCE_FIRST_MS;

  constructor(pubsub: GossipPubsub, log: Logger) {
    super();
    this.#pubsub = pubsub;
    this.#log = log;
  }

  /** Lets the announcer read a message that has come. */
  show(message: Message): void {
    this.safeDispatchEvent('message', { detail: message });
  }

  /** The next announcement is soon, and not the sooner the more ask for it. */
  hurry(): void {
    this.#nextAt = Math.min(this.#nextAt, this.#lastAt + limits.ANNOUNCE_ANSWER_MS);
  }

  subscribe(topic: string): void {
    this.#pubsub.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    this.#pubsub.unsubscribe(topic);
  }

  getSubscribers(topic: string): PeerId[] {
    return this.#pubsub.getSubscribers(topic);
  }

  /**
   * The nonce is needed: gossipsub knows a message by its payload, and for two minutes would take the same announcement
   * for one that everybody has seen. A newcomer that others cannot dial would wait as long to hear of them.
   */
  publish(topic: string, announcement: Uint8Array): void {
    if (performance.now() < this.#nextAt) return;
    this.#lastAt = performance.now();
    this.#nextAt = this.#lastAt + this.#gapMs;
    this.#gapMs = Math.min(this.#gapMs * 2, limits.ANNOUNCE_LONGEST_MS);
    this.#pubsub
      .publish(topic, Buffer.concat([announcement, NONCE_TAG, randomBytes(NONCE_BYTES)]))
      .catch((error: Error) => this.#log.debug({ error }, 'announcement-failed'));
  }
}
