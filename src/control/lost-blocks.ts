/** Blocks of late that led to another chain than ours: told once by an event, kept for those who ask later. */
import type { ForkEvent, Node } from '../node/index.js';

export interface LostBlockLimits {
  readonly blocks: number;
  /** Of all that are kept, in bytes of canonical JSON. */
  readonly bytes: number;
}

export class LostBlocks {
  readonly #events: ForkEvent[] = [];
  #bytes = 0;

  /** Listens from now on, for as long as the node is there. */
  constructor(
    source: Pick<Node, 'on'>,
    private readonly limits: LostBlockLimits,
  ) {
    source.on('fork', (event) => this.#keep(event));
  }

  /** Some of them may have become our chain's since. Newest last. */
  get events(): readonly ForkEvent[] {
    return this.#events;
  }

  #keep(event: ForkEvent): void {
    if (this.#events.some(({ block }) => block.hash === event.block.hash)) return;
    this.#events.push(event);
    this.#bytes += event.block.bytes.length;
    while (this.#events.length > this.limits.blocks || this.#bytes > this.limits.bytes) {
      this.#bytes -= this.#events.shift()?.block.bytes.length ?? 0;
    }
  }
}
