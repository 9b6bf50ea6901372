import { MAX_ITEMS_AT_ONCE } from './constants.js';
import { type RpcFault, RpcScanner } from './rpc-scanner.js';

/**
 * Looks at what a peer brings when it arrives: what is given to gossipsub waits for its time, and may wait for half a
 * minute, through which whoever sends more than can ever be borne would be listened to.
 */
export class RpcIntake {
  readonly #scanner = new RpcScanner();
  #items = 0;

  /** @returns what is wrong with it; undefined where nothing is */
  take(chunk: Uint8Array): RpcFault | undefined {
    const { items, fault } = this.#scanner.read(chunk);
    this.#items += items;
    return fault ?? (this.#items > MAX_ITEMS_AT_ONCE ? 'gossip-rpc-flood' : undefined);
  }

  /** All that has come was read: what comes next is not at once with it. */
  rest(): void {
    this.#items = 0;
  }
}
