import { setImmediate as turn } from 'node:timers/promises';
import { type Message, type SubscriptionChangeData, TopicValidatorResult } from '@chainsafe/libp2p-gossipsub';
import type { PeerId } from '@libp2p/interface';
import { Allowance } from '../../src/allowance.js';
import { type Bounds, UNCOUNTED } from '../../src/bounds.js';
import { type Block, decodeBlock } from '../../src/chain/block.js';
import { ChainError } from '../../src/chain/errors.js';
import { decodeTransaction, type Transaction } from '../../src/chain/transaction.js';
import type { Logger } from '../../src/log.js';
import { Serial } from '../../src/serial.js';
import {
  LARGE_MESSAGE_BYTES,
  MAX_BLOCK_MESSAGE_BYTES,
  MAX_TRANSACTION_MESSAGE_BYTES,
  PASSED_ON_BYTES_BURST,
  PASSED_ON_BYTES_PER_SECOND,
} from './constants.js';
import { InFlight } from './in-flight.js';
import { type Topics, topics } from './topics.js';

/** What becomes of a message: passed on; dropped; dropped and held against the peer who sent it. */
export type Verdict = 'accept' | 'ignore' | 'reject';

/** Who judges what is well formed. A {@link ChainError} that is thrown is a rejection, and says why. */
export interface GossipHandlers {
  transaction(transaction: Transaction, from: PeerId): Promise<Verdict>;
  block(block: Block, from: PeerId): Promise<Verdict>;
  /** A peer has subscribed: what we published before has not reached it, what we publish from now on does. */
  joined(peer: PeerId): void;
  /** Something valid goes no further by gossip, for there has been too much: peers are to learn of it otherwise. */
  notPassedOn(): void;
  /**
   * Hears of every verdict, decoding included.
   *
   * @param code of the error that says why it is rejected, of an own fault or of haste; empty for all else
   */
  judged?(kind: 'transaction' | 'block', verdict: Verdict, code: string): void;
}

type Validator = (from: PeerId, message: Message) => Promise<TopicValidatorResult>;

/** What this protocol uses of gossipsub. */
export interface Pubsub {
  readonly topicValidators: {
    set(topic: string, validator: Validator): unknown;
    delete(topic: string): boolean;
  };
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
  publish(topic: string, data: Uint8Array): Promise<{ recipients: PeerId[] }>;
  addEventListener(
    name: 'subscription-change',
    listener: (event: CustomEvent<SubscriptionChangeData>) => void,
  ): void;
  removeEventListener(
    name: 'subscription-change',
    listener: (event: CustomEvent<SubscriptionChangeData>) => void,
  ): void;
}

const RESULTS: Record<Verdict, TopicValidatorResult> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
};

/** The two topics of a network: what comes in is validated and judged before it travels on; what we have is published. */
export class Gossip {
  readonly #pubsub: Pubsub;
  readonly #topics: Topics;
  readonly #handlers: GossipHandlers;
  readonly #log: Logger;
  readonly #bounds: Bounds;
  readonly #inFlight = new InFlight();
  /** Large messages are decoded one at each turn of the event loop: many come at once, and others want their turn. */
  readonly #turns = new Serial();
  readonly #passedOn = new Allowance(PASSED_ON_BYTES_PER_SECOND, PASSED_ON_BYTES_BURST);
  #started = false;

  /**
   * @param pubsub gossipsub, set up by `gossipsubOptions`
   * @param networkId 16 hex digits
   */
  constructor(
    pubsub: Pubsub,
    networkId: string,
    handlers: GossipHandlers,
    log: Logger,
    /** Told of every limit that is hit, and of every message rejected. @default nobody is */
    bounds: Bounds = UNCOUNTED,
  ) {
    this.#pubsub = pubsub;
    this.#topics = topics(networkId);
    this.#handlers = handlers;
    this.#log = log;
    this.#bounds = bounds;
  }

  /** Sets the validators, then subscribes: no message may come in that nobody judges. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    const { transactions, blocks } = this.#topics;
    this.#pubsub.topicValidators.set(
      transactions,
      this.#validator(
        'transaction',
        MAX_TRANSACTION_MESSAGE_BYTES,
        decodeTransaction,
        this.#handlers.transaction,
      ),
    );
    this.#pubsub.topicValidators.set(
      blocks,
      this.#validator('block', MAX_BLOCK_MESSAGE_BYTES, decodeBlock, this.#handlers.block),
    );
    this.#pubsub.addEventListener('subscription-change', this.#onSubscription);
    this.#pubsub.subscribe(transactions);
    this.#pubsub.subscribe(blocks);
  }

  stop(): void {
    if (!this.#started) return;
    this.#started = false;
    this.#pubsub.removeEventListener('subscription-change', this.#onSubscription);
    for (const topic of [this.#topics.transactions, this.#topics.blocks]) {
      this.#pubsub.unsubscribe(topic);
      this.#pubsub.topicValidators.delete(topic);
    }
  }

  /** Sends a transaction to whoever listens. Gossip is never the only way to learn something: a failure is logged. */
  async publishTransaction(transaction: Transaction): Promise<void> {
    await this.#publish(this.#topics.transactions, transaction.bytes);
  }

  /**
   * Sends a block to whoever listens. A failure is logged.
   *
   * @returns the ids of the peers it was sent to
   */
  async publishBlock(block: Block): Promise<string[]> {
    return await this.#publish(this.#topics.blocks, block.bytes);
  }

  readonly #onSubscription = ({ detail }: CustomEvent<SubscriptionChangeData>): void => {
    const joined = detail.subscriptions.some(
      ({ topic, subscribe }) => subscribe && topic === this.#topics.blocks,
    );
    if (joined) this.#handlers.joined(detail.peerId);
  };

  async #publish(topic: string, bytes: Uint8Array): Promise<string[]> {
    try {
      const { recipients } = await this.#pubsub.publish(topic, bytes);
      return recipients.map(String);
    } catch (error) {
      this.#log.warn({ topic, error }, 'gossip-publish-failed');
      return [];
    }
  }

  #mayPassOn(bytes: number, from: PeerId): boolean {
    const isTaken = this.#passedOn.take(bytes);
    if (!isTaken) this.#bounds.hit('gossip-passed-on', from.toString());
    return isTaken;
  }

  /**
   * The validator of a topic:
   * 1. a payload over the limit is rejected;
   * 2. a message beyond what may be validated at once is ignored;
   * 3. a payload that does not decode is rejected;
   * 4. the handler decides; when it fails, that is our fault and not the peer's: ignored;
   * 5. what is beyond what may be passed on is taken, and goes no further.
   */
  #validator<T>(
    kind: 'transaction' | 'block',
    maxBytes: number,
    decode: (bytes: Uint8Array) => T,
    judge: (value: T, from: PeerId) => Promise<Verdict>,
  ): Validator {
    const judged = (verdict: Verdict, code = '') => {
      this.#handlers.judged?.(kind, verdict, code);
      return RESULTS[verdict];
    };
    const reject = (from: PeerId, code: string) => {
      this.#log.debug({ kind, peer: from.toString(), code }, 'gossip-rejected');
      this.#bounds.hit('gossip-rejected', from.toString());
      return judged('reject', code);
    };
    return async (from, { data }) => {
      if (data.length > maxBytes) return reject(from, 'too-large');
      const release = this.#inFlight.take(from.toString(), data.length);
      if (release === undefined) {
        this.#log.debug({ kind, peer: from.toString() }, 'gossip-ignored-when-busy');
        this.#bounds.hit('gossip-in-flight', from.toString());
        return judged('ignore', 'busy');
      }
      try {
        if (data.length > LARGE_MESSAGE_BYTES) await this.#turns.run(() => turn());
        // It is a part of the frame that it came in, which may be far larger: what is kept of it must not keep all of that.
        const verdict = await judge.call(this.#handlers, decode(new Uint8Array(data)), from);
        if (verdict === 'reject') return reject(from, 'invalid');
        if (verdict === 'accept' && !this.#mayPassOn(data.length, from)) {
          this.#handlers.notPassedOn();
          return judged('ignore', 'passed-on');
        }
        return judged(verdict);
      } catch (error) {
        if (error instanceof ChainError) return reject(from, error.code);
        this.#log.error({ kind, peer: from.toString(), error }, 'gossip-handler-failed');
        return judged('ignore', 'failed');
      } finally {
        release();
      }
    };
  }
}
