/** What happened, line by line: the same for the same seed, byte for byte. */
import type { VirtualTime } from './virtual-time.js';

export class Trace {
  readonly #lines: string[] = [];

  /** @param names of the peers, by their ids */
  constructor(
    private readonly time: VirtualTime,
    private readonly names: ReadonlyMap<string, string>,
  ) {}

  add(what: string): void {
    this.#lines.push(`${(this.time.now / 1000).toFixed(3).padStart(8)}  ${what}`);
  }

  nameOf(peer: string): string {
    return this.names.get(peer) ?? peer;
  }

  toString(): string {
    return this.#lines.join('\n');
  }
}
