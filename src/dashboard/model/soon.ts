/** Work that many may ask for, done once for all of them, and never twice at a time. */

export class Soon {
  #timer = 0;
  #running = false;
  #again = false;

  /** @param delayMs to wait for others who ask */
  constructor(
    private readonly work: () => Promise<void>,
    private readonly delayMs: number,
  ) {}

  readonly ask = (): void => {
    if (this.#running) this.#again = true;
    else this.#timer ||= window.setTimeout(() => void this.#run(), this.delayMs);
  };

  async #run(): Promise<void> {
    this.#timer = 0;
    this.#running = true;
    this.#again = false;
    try {
      await this.work();
    } catch {
      // The node is away, which the event stream notices as well; all is fetched again when it is back.
    }
    this.#running = false;
    if (this.#again) this.ask();
  }
}
