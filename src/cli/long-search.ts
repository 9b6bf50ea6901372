/** Tells of a search for a proof only when it is one to wait for: of one that ends at once, its block tells. */

/** How long a person waits before they want to know what for, in ms. */
const PATIENCE_MS = 1000;

export class LongSearch {
  #waiting: NodeJS.Timeout | undefined;

  /** A search has begun; whatever was to be told of one before is told no more. */
  begun(tell: () => void): void {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(tell, PATIENCE_MS);
    this.#waiting.unref();
  }

  ended(): void {
    clearTimeout(this.#waiting);
  }
}
