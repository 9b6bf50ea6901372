import { ChainClient, ChainProtocolError, type HeadInfo } from '../../../protocols/chain/index.js';
import type { NetworkSpec } from '../../chain/index.js';
import type { Logger } from '../../log.js';
import { askAround, serviceTag, visit } from '../../network/index.js';
import { MAX_SCOUTED, SCOUT_LISTEN_MS, SCOUT_TRIES } from './constants.js';

/** Takes what asking a peer ended with. */
export type Found = (peerId: string, error: unknown, addresses: readonly string[]) => void;

/**
 * Finds out who others are that we cannot be connected to, by a question: asked for its head, a node of another
 * network refuses, and says which its network is.
 */
export class Scout {
  /** How often each was asked; those who answered are asked no more. */
  readonly #tries = new Map<string, number>();
  readonly #stopping = new AbortController();
  #work: Promise<void> = Promise.resolve();

  constructor(
    private readonly spec: NetworkSpec,
    private readonly ownHead: () => HeadInfo,
    private readonly found: Found,
    private readonly log: Logger,
  ) {}

  /** Asks a node of a network that mDNS shows. @param digits the first of the network's id */
  lookFor(digits: string): void {
    this.#asking(digits, async () => {
      const { addresses } = await askAround([serviceTag(digits)], SCOUT_LISTEN_MS, this.#stopping.signal);
      const [first] = addresses;
      if (first === undefined) throw new Error('nobody of it told an address');
      await this.#ask(addresses.filter((address) => peerIdOf(address) === peerIdOf(first)));
    });
  }

  /** Asks a peer that hangs up on us. @param addresses of one peer */
  lookAt(addresses: readonly string[]): void {
    const [first] = addresses;
    if (first !== undefined) this.#asking(first, () => this.#ask(addresses));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#work;
  }

  #asking(key: string, look: () => Promise<void>): void {
    const tries = this.#tries.get(key) ?? 0;
    if (tries >= SCOUT_TRIES || (tries === 0 && this.#tries.size >= MAX_SCOUTED)) return;
    this.#tries.set(key, tries + 1);
    this.#work = this.#work.then(async () => {
      if (this.#stopping.signal.aborted) return;
      try {
        await look();
        this.#tries.set(key, SCOUT_TRIES);
      } catch (error) {
        this.log.debug({ key, error: String(error) }, 'scout-failed'); // what is known without must do
      }
    });
  }

  async #ask(addresses: readonly string[]): Promise<void> {
    const { signal } = this.#stopping;
    await visit(
      addresses,
      async (visited) => {
        try {
          await new ChainClient(visited, this.spec).head(visited.peer, this.ownHead(), signal);
        } catch (error) {
          if (!(error instanceof ChainProtocolError)) throw error;
          this.found(visited.peer.toString(), error, addresses);
        }
      },
      signal,
    );
  }
}

function peerIdOf(address: string): string | undefined {
  return /\/p2p\/([^/]+)$/.exec(address)?.[1];
}
