/**
 * One peer's chain on its way to us: a piece is asked for while the one before is used, and a batch is decoded while the
 * follower checks and stores the one before.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PeerId } from '@libp2p/interface';
import { anySignal } from 'any-signal';
import { ChainProtocolError } from '../../protocols/chain/index.js';
import { type Block, decodeBlock } from '../chain/index.js';
import { SYNC_BATCH_BYTES } from './constants.js';
import type { ChainFollower } from './follower.js';
import { heardLater } from './heard-later.js';
import type { Extension } from './outcome.js';
import { Piece } from './piece.js';
import type { Retries } from './retries.js';
import type { Turn } from './turn.js';

/** The part of the chain protocol's client that is used. */
export interface BlocksClient {
  blocks(peer: PeerId, locator: string[], options: { signal: AbortSignal }): AsyncIterable<Uint8Array[]>;
}

/** How a pull ended. */
export type PullEnd =
  /** The peer has sent all that it has, or all that it promised. */
  | 'complete'
  /** Others have their turn now. */
  | 'interrupted'
  /** What came has no place here. */
  | Misfit;

type Misfit = Exclude<Extension, 'extended' | 'known'>;

export class ChainPull {
  readonly #key: string;
  #stored = 0;
  #reached = 0;

  /**
   * @param promised the length the peer said its chain has: nothing beyond is taken
   * @param turn ends the pull when it is over
   */
  constructor(
    private readonly client: BlocksClient,
    private readonly follower: ChainFollower,
    private readonly retries: Retries,
    private readonly peer: PeerId,
    private readonly promised: number,
    private readonly turn: Pick<Turn, 'isOver' | 'signal'>,
  ) {
    this.#key = peer.toString();
  }

  /** How many blocks came that were new to us, counted by batches... */
  get stored(): number {
    return this.#stored;
  }

  /** ...and the index of the last; 0 where none was. */
  get reached(): number {
    return this.#reached;
  }

  /**
   * Takes the blocks after the last that we share with the peer.
   *
   * @throws InvalidBlock, ChainProtocolError, the signal's reason
   */
  async run(signal: AbortSignal): Promise<PullEnd> {
    const leaving = new AbortController();
    let storing: Promise<'extended' | Misfit> = Promise.resolve('extended');
    try {
      for await (const blocks of this.#batches(anySignal([leaving.signal, this.turn.signal, signal]))) {
        // Behind the one before, which is being stored: what can be checked before that is done, is.
        const before = storing;
        storing = heardLater(this.#store(blocks));
        const extension = await before;
        if (extension !== 'extended') return extension;
        if (this.turn.isOver) return await ended(storing, 'interrupted');
        // Storing one batch and decoding another are turns of the event loop of their own: others have theirs in between.
        await nextTurn();
      }
      return await ended(storing, 'complete');
    } catch (error) {
      if (error === this.turn.signal.reason && !signal.aborted) return await ended(storing, 'interrupted');
      throw error;
    } finally {
      leaving.abort(); // and so, nobody listens to the other any more
      // What is being stored when something else fails is not left behind.
      await storing.catch(() => undefined);
    }
  }

  async #store(blocks: readonly Block[]): Promise<'extended' | Misfit> {
    const extension = await this.follower.extend(blocks, this.#key, this.promised);
    if (extension === 'known') return 'extended';
    if (extension === 'extended') {
      this.#stored += blocks.length;
      this.#reached = blocks.at(-1)?.index ?? this.#reached;
    }
    return extension;
  }

  /**
   * Decoded, and hashed; what is decoded at once, and stored at once, is bounded, and so is the time it takes. The next piece
   * is asked for when this one is here: one waits while the other is used.
   */
  async *#batches(signal: AbortSignal): AsyncGenerator<Block[]> {
    // One locator serves all of it: what comes after is named by the last block that has come.
    const locator = await this.follower.locator(this.#key);
    let [piece, spare] = [new Piece(), new Piece()];
    let here = this.#fetch(locator, piece, signal);
    let reached = 0;
    for (;;) {
      await here;
      const { last } = piece;
      if (last === undefined) return;
      const { index, hash } = decodeBlock(last);
      // What leads no further than the piece before is no more of its chain: it could be sent without end.
      if (index <= reached) return;
      reached = index;
      const isWhole = index >= this.promised;
      if (!isWhole) here = heardLater(this.#fetch([hash, ...locator], spare, signal));
      for (const batch of piece.batches(SYNC_BATCH_BYTES)) yield this.#decoded(batch);
      if (isWhole) return;
      [piece, spare] = [spare, piece];
    }
  }

  #decoded(batch: readonly Uint8Array[]): Block[] {
    const blocks: Block[] = [];
    for (const bytes of batch) {
      const block = decodeBlock(bytes);
      if (block.index > this.promised) continue;
      void block.hash;
      blocks.push(block);
    }
    return blocks;
  }

  /** Takes one piece of the peer's chain, after the last block of the locator that it has; empty where there is no more. */
  async #fetch(locator: string[], into: Piece, signal: AbortSignal): Promise<void> {
    for (;;) {
      into.clear();
      try {
        for await (const blocks of this.client.blocks(this.peer, locator, { signal })) into.add(blocks);
        this.retries.succeeded(this.peer);
        return;
      } catch (error) {
        // What came counts, or on a slow line nothing would ever: the next request goes on after it.
        if (!into.isEmpty && (isBrokenOff(error) || error === this.turn.signal.reason)) return;
        const isBusy = error instanceof ChainProtocolError && error.code === 'busy';
        if (!isBusy || !(await this.retries.pause(this.peer, signal))) throw error;
      }
    }
  }
}

/** What the last of it led to, where that is not the end that it seemed to come to. */
async function ended(storing: Promise<'extended' | Misfit>, end: PullEnd): Promise<PullEnd> {
  const extension = await storing;
  return extension === 'extended' ? end : extension;
}

function isBrokenOff(error: unknown): boolean {
  return error instanceof ChainProtocolError && (error.code === 'timeout' || error.code === 'unreachable');
}
