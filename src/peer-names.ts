/** What peers call themselves, for when they are spoken of later: who leaves does not say its name again. */
import { keepLatest } from './keep-latest.js';

/** More than a room has. A peer may come by a new id each time. */
const MAX_NAMES = 1_024;

export class PeerNames {
  readonly #names = new Map<string, string>();

  /** @param name empty where it has not said */
  met(peerId: string, name: string): void {
    if (name !== '') keepLatest(this.#names, peerId, name, MAX_NAMES);
  }

  of(peerId: string): string | undefined {
    return this.#names.get(peerId);
  }
}
