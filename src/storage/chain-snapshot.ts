/** A view of our chain that stays as it is while its reader takes its time. */
import type { ChainSnapshot, Head } from './block-store.js';
import type { ChainView } from './chain-view.js';
import { misuse, StorageError } from './errors.js';
import { headOf } from './records.js';

export class PinnedChain implements ChainSnapshot {
  readonly head: Head;
  readonly #view: ChainView;
  readonly #reading = new Set<AsyncGenerator<Uint8Array[]>>();
  #closed = false;

  /** @param view pinned for this snapshot, which releases it */
  constructor(view: ChainView) {
    this.#view = view;
    this.head = headOf(view.tip);
  }

  async *bytes(from: number, to: number): AsyncGenerator<Uint8Array> {
    for await (const blocks of this.pieces(from, to)) {
      for (const block of blocks) {
        this.#assertOpen();
        yield block;
      }
    }
    this.#assertOpen();
  }

  async *pieces(from: number, to: number): AsyncGenerator<Uint8Array[]> {
    this.#assertOpen();
    if (from < 1 || to > this.head.length)
      throw misuse(`blocks ${from} to ${to} of a chain of ${this.head.length}`);
    if (from > to) return;
    const pieces = this.#view.pieces(from, to);
    this.#reading.add(pieces);
    try {
      for await (const blocks of pieces) {
        this.#assertOpen();
        yield blocks;
      }
    } finally {
      this.#reading.delete(pieces);
    }
    this.#assertOpen();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // Whoever reads still finds the snapshot closed; a reader that has walked away holds nothing any more.
    await Promise.all([...this.#reading].map((pieces) => pieces.return(undefined)));
    await this.#view.release();
  }

  #assertOpen(): void {
    if (this.#closed) throw new StorageError('closed', 'the snapshot of the chain is closed');
  }
}
