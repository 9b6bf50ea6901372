/** A host's pubsub, as gossipsub behaves towards its user: floods what its validators accept, once. */
import { type Message, type SubscriptionChangeData, TopicValidatorResult } from '@chainsafe/libp2p-gossipsub';
import type { PeerId } from '@libp2p/interface';
import { messageId, type Pubsub } from '../../protocols/gossip/index.js';
import type { VirtualTime } from './virtual-time.js';

/** Gossipsub forgets a message's id after this long. */
const SEEN_MS = 120_000;

type Validator = Pubsub['topicValidators'] extends { set(topic: string, validator: infer V): unknown }
  ? V
  : never;
type Listener = (event: CustomEvent<SubscriptionChangeData>) => void;

export class SimulatedPubsub implements Pubsub {
  readonly topicValidators = new Map<string, Validator>();
  readonly #topics = new Set<string>();
  readonly #seen = new Map<string, number>();
  readonly #listeners = new Set<Listener>();
  /** Peers whose subscriptions we have heard. */
  readonly #subscribers = new Map<string, PeerId>();

  /** @param pass sends a message to these peers */
  constructor(
    private readonly time: VirtualTime,
    private readonly pass: (topic: string, data: Uint8Array, peers: string[]) => void,
  ) {}

  get topics(): string[] {
    return [...this.#topics];
  }

  subscribe(topic: string): void {
    this.#topics.add(topic);
  }

  unsubscribe(topic: string): void {
    this.#topics.delete(topic);
  }

  addEventListener(_name: 'subscription-change', listener: Listener): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_name: 'subscription-change', listener: Listener): void {
    this.#listeners.delete(listener);
  }

  async publish(topic: string, data: Uint8Array): Promise<{ recipients: PeerId[] }> {
    if (!this.#isNew(data)) return { recipients: [] };
    this.pass(topic, data, [...this.#subscribers.keys()]);
    return { recipients: [...this.#subscribers.values()] };
  }

  /** A peer has told us its subscriptions. */
  heard(peerId: PeerId, topics: readonly string[]): void {
    this.#subscribers.set(peerId.toString(), peerId);
    const subscriptions = topics.map((topic) => ({ topic, subscribe: true }));
    for (const listener of this.#listeners)
      listener(new CustomEvent('subscription-change', { detail: { peerId, subscriptions } }));
  }

  forget(peer: string): void {
    this.#subscribers.delete(peer);
  }

  /** @returns what our validator said, where it was asked */
  async receive(
    from: PeerId,
    topic: string,
    data: Uint8Array<ArrayBuffer>,
  ): Promise<TopicValidatorResult | undefined> {
    const validator = this.topicValidators.get(topic);
    if (validator === undefined || !this.#isNew(data)) return undefined;
    const result = await validator(from, { type: 'unsigned', topic, data } satisfies Message);
    if (result === TopicValidatorResult.Accept)
      this.pass(
        topic,
        data,
        [...this.#subscribers.keys()].filter((peer) => peer !== from.toString()),
      );
    return result;
  }

  #isNew(data: Uint8Array): boolean {
    const id = Buffer.from(messageId(data)).toString('hex');
    const seenAt = this.#seen.get(id);
    if (seenAt !== undefined && this.time.now - seenAt < SEEN_MS) return false;
    this.#seen.set(id, this.time.now);
    return true;
  }
}
