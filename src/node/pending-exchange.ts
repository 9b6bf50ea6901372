/** Brings what is pending at a peer to us, so that late joiners and reordered gossip end with the same mempool. */
import type { PeerId } from '@libp2p/interface';
import { ChainProtocolError, MAX_WANTED_IDS } from '../../protocols/chain/index.js';
import { type Bounds, UNCOUNTED } from '../bounds.js';
import { decodeTransaction, type Mempool, type PendingTransaction, type Rules } from '../chain/index.js';
import { Coalesced } from './coalesced.js';
import { MAX_LISTED_IDS } from './constants.js';
import type { ChainFollower } from './follower.js';

/** The part of the chain protocol's client that is used. */
export interface PendingClient {
  pendingIds(peer: PeerId, after?: string, signal?: AbortSignal): Promise<string[]>;
  pendingTransactions(peer: PeerId, ids: string[], signal?: AbortSignal): Promise<Uint8Array[]>;
}

export class PendingExchange {
  readonly #exchanges = new Coalesced<boolean>();

  constructor(
    private readonly client: PendingClient,
    private readonly follower: ChainFollower,
    private readonly mempool: Mempool,
    private readonly rules: Rules,
    private readonly bounds: Bounds = UNCOUNTED,
  ) {}

  /**
   * Fetches what the peer holds and we do not: 1. its ids, piece by piece; 2. the transactions of the unknown ones;
   * 3. offers each to the follower. One exchange a peer: asked for while one is under way, another follows it.
   *
   * @returns whether it brought us any
   * @throws ChainProtocolError where the peer fails us, or lists more than any mempool holds; InvalidTransaction where it
   *   sends what may not be sent
   */
  fetch(peer: PeerId, signal: AbortSignal): Promise<boolean> {
    return this.#exchanges.run(peer.toString(), () => this.#fetchAll(peer, signal));
  }

  async #fetchAll(peer: PeerId, signal: AbortSignal): Promise<boolean> {
    let after: string | undefined;
    let listed = 0;
    let admitted = 0;
    do {
      const ids = await this.client.pendingIds(peer, after, signal);
      const last = ids.at(-1);
      listed += ids.length;
      if (listed > MAX_LISTED_IDS) {
        this.bounds.hit('pending-ids', peer.toString());
        throw new ChainProtocolError(
          'too-large',
          `it lists more than ${MAX_LISTED_IDS} pending transactions`,
        );
      }
      if (last === undefined) break;
      const fetched = await this.#fetchUnknown(peer, ids, signal);
      admitted += fetched.admitted;
      if (fetched.isFull) break;
      after = last;
    } while (!signal.aborted);
    return admitted > 0;
  }

  /** @returns how many are new to us, and whether there is no room for more */
  async #fetchUnknown(
    peer: PeerId,
    ids: string[],
    signal: AbortSignal,
  ): Promise<{ admitted: number; isFull: boolean }> {
    let admitted = 0;
    const wanted = ids.filter((id) => !this.mempool.has(id));
    while (wanted.length > 0) {
      const asked = wanted.splice(0, MAX_WANTED_IDS);
      const got = await this.client.pendingTransactions(peer, asked, signal);
      const expected = new Set(asked);
      const from = peer.toString();
      const entries = got.map((bytes): PendingTransaction => {
        const transaction = decodeTransaction(bytes);
        if (!expected.delete(transaction.id))
          throw new ChainProtocolError('malformed', 'it sends transactions that it was not asked for');
        this.rules.checkTransaction(transaction);
        return { transaction, receivedAt: Date.now(), from };
      });
      // In one write: a newcomer has thousands to fetch.
      const admissions = await this.follower.admitAll(entries);
      admitted += admissions.filter((admission) => admission === 'pending').length;
      if (admissions.includes('full')) return { admitted, isFull: true };
      // An answer is about 1 MiB: what did not fit is asked for again, as long as something comes.
      if (got.length > 0 && got.length < asked.length) {
        const missing = asked.filter((id) => !this.mempool.has(id));
        if (missing.length < asked.length) wanted.push(...missing);
      }
    }
    return { admitted, isFull: false };
  }
}
