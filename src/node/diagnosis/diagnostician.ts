/** Gathers what is known, and has the log say what stands in the way, once each. */
import { Allowance } from '../../allowance.js';
import type { Logger } from '../../log.js';
import type { Diagnosis } from '../../network/index.js';
import type { BlockEvent } from '../events.js';
import type { HeadClient } from '../sync.js';
import { ClockBook, StrangerBook } from './books.js';
import { LINES_BURST, LINES_PER_SECOND, OTHER_NETWORK_MS, WATCH_MS } from './constants.js';
import type { Facts, SelfState, StorageState } from './facts.js';
import type { Hindrance } from './hindrance.js';
import { hindrancesIn } from './hindrances.js';
import type { Found, Scout } from './scout.js';
import { watched } from './watched-client.js';

/** What is asked of the node's parts. */
export interface Known {
  diagnosis(): Diagnosis;
  self(): SelfState;
  /** Undefined where nothing is kept. */
  storage(): Promise<StorageState | undefined>;
}

/** What another part of the node has in its log already. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set(['no-interface', 'mdns-failed']);

export class Diagnostician {
  readonly #strangers = new StrangerBook();
  readonly #clocks = new ClockBook();
  readonly #scout: Pick<Scout, 'lookFor' | 'lookAt' | 'stop'>;
  #timer: NodeJS.Timeout | undefined;
  /** What the log has said and still holds. */
  #told = new Set<string>();
  readonly #lines = new Allowance(LINES_PER_SECOND, LINES_BURST);

  /** @param makeScout of one that tells here what came of its questions */
  constructor(
    private readonly known: Known,
    makeScout: (found: Found) => Pick<Scout, 'lookFor' | 'lookAt' | 'stop'>,
    private readonly log: Logger,
  ) {
    this.#scout = makeScout((...found) => this.#strangers.failed(...found));
  }

  /** Watches from now on. */
  start(): void {
    this.#timer ??= setInterval(() => this.look(), WATCH_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#scout.stop();
  }

  /** The same client; what peers turn out to be is taken down. */
  watching(client: HeadClient): HeadClient {
    return watched(client, this.#strangers);
  }

  /** A block is our new head. */
  arrived({ block, source, at }: BlockEvent): void {
    // What was fetched may be as old as the chain.
    if (source === 'gossip') this.#clocks.arrived(block, at, (miner) => this.#isKnown(miner));
  }

  async facts(): Promise<Facts> {
    return { ...this.#known(), storage: await this.known.storage() };
  }

  /** Has the log say what is new; called by itself every 5 s. */
  look(): void {
    const facts = this.#known();
    this.#scoutOut(facts);
    const hindrances = hindrancesIn(facts);
    // What may not be said yet is new the next time, too.
    const told = hindrances.filter((hindrance) => this.#told.has(keyOf(hindrance)) || this.#tell(hindrance));
    this.#told = new Set(told.map(keyOf));
  }

  /** Whether a peer of this id is connected, or has been heard of: a reward may go to any text. */
  #isKnown(peerId: string): boolean {
    const known = [...this.known.self().peers, ...this.known.diagnosis().sightings];
    return known.some((one) => one.peerId === peerId);
  }

  /** Who is not alone leaves the nodes of other networks alone; whoever hangs up on us is asked why. */
  #scoutOut({ at: now, self, otherNetworks, dials, strangers }: Facts): void {
    if (self?.peers.length === 0) {
      for (const { networkDigits, at } of otherNetworks)
        if (now.getTime() - at.getTime() <= OTHER_NETWORK_MS) this.#scout.lookFor(networkDigits);
    }
    for (const { peerId, address, outcome } of dials) {
      const isKnown = strangers.some((stranger) => stranger.peerId === peerId);
      if (outcome === 'dial-failed' && !isKnown) this.#scout.lookAt(this.#addressesOf(peerId, address));
    }
  }

  #addressesOf(peerId: string | undefined, address: string | undefined): readonly string[] {
    const sighting = this.known.diagnosis().sightings.find((one) => one.peerId === peerId);
    return sighting?.addresses ?? (address === undefined ? [] : [address]);
  }

  #known(): Facts {
    return {
      at: new Date(),
      ...this.known.diagnosis(),
      self: this.known.self(),
      strangers: this.#strangers.list(),
      clocks: this.#clocks.list(),
      storage: undefined,
      machines: undefined,
    };
  }

  /** @returns whether it is said: not where much was said of late, since peers can make up hindrances */
  #tell({ code, blocks, what, advice }: Hindrance): boolean {
    if (TOLD_ELSEWHERE.has(code)) return true;
    if (!this.#lines.take(1)) return false;
    // Whoever starts a single node at home is alone on purpose.
    if (blocks && code !== 'nobody-heard') this.log.warn({ what, advice }, code);
    else this.log.info({ what, advice }, code);
    return true;
  }
}

function keyOf({ code, about }: Hindrance): string {
  return `${code} ${about}`;
}
