import type { HeadClient } from '../sync.js';
import type { StrangerBook } from './books.js';

/** The same client; who turns out to be a stranger when it is asked for its head is taken down. */
export function watched(client: HeadClient, strangers: StrangerBook): HeadClient {
  return {
    blocks: (peer, locator, options) => client.blocks(peer, locator, options),
    head: async (peer, mine, signal) => {
      try {
        const head = await client.head(peer, mine, signal);
        strangers.answered(peer.toString());
        return head;
      } catch (error) {
        strangers.failed(peer.toString(), error);
        throw error;
      }
    },
  };
}
