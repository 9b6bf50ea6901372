import { IN_FLIGHT_OVERHEAD_BYTES, MAX_IN_FLIGHT_BYTES, MAX_IN_FLIGHT_BYTES_PER_PEER } from './constants.js';

/** Bounds what is being validated at once, in bytes: of one peer, so that none can crowd out the others, and of all. */
export class InFlight {
  readonly #byPeer = new Map<string, number>();
  #total = 0;

  /**
   * Takes room for a message.
   *
   * @returns a function that gives the room back, to be called once; undefined when there is no room
   */
  take(peer: string, payloadBytes: number): (() => void) | undefined {
    const bytes = payloadBytes + IN_FLIGHT_OVERHEAD_BYTES;
    const ofPeer = this.#byPeer.get(peer) ?? 0;
    if (this.#total + bytes > MAX_IN_FLIGHT_BYTES || ofPeer + bytes > MAX_IN_FLIGHT_BYTES_PER_PEER)
      return undefined;
    this.#total += bytes;
    this.#byPeer.set(peer, ofPeer + bytes);
    return () => {
      this.#total -= bytes;
      const left = (this.#byPeer.get(peer) ?? 0) - bytes;
      if (left > 0) this.#byPeer.set(peer, left);
      else this.#byPeer.delete(peer);
    };
  }
}
