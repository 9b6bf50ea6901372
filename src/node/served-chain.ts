/** What /chain/1.0.0 answers from: our chain and what is pending. */
import type { PeerId } from '@libp2p/interface';
import type { ChainSource, HeadInfo } from '../../protocols/chain/index.js';
import type { Mempool, NetworkSpec } from '../chain/index.js';
import type { BlockStore } from '../storage/index.js';

export function servedChain(
  spec: NetworkSpec,
  store: BlockStore,
  mempool: Mempool,
  heard: (peer: PeerId, head: HeadInfo) => void,
): ChainSource {
  return {
    spec,
    head: () => ownHead(store, mempool),
    blocksAfter: async (locator, maxBlocks) => {
      const shared = await store.firstOf(locator);
      return shared === undefined ? undefined : blocksFrom(store, shared + 1, maxBlocks);
    },
    pendingIds: (after, limit) => mempool.idsAfter(after, limit),
    pendingTransactions: (ids) => ids.flatMap((id) => mempool.get(id)?.transaction.bytes ?? []),
    heard,
  };
}

export function ownHead(store: BlockStore, mempool: Mempool): HeadInfo {
  const { length, hash } = store.head;
  return { length, hash, pending: mempool.size, digest: mempool.digest };
}

async function* blocksFrom(store: BlockStore, from: number, maxBlocks: number): AsyncGenerator<Uint8Array[]> {
  const snapshot = await store.snapshot();
  try {
    const to = Math.min(snapshot.head.length, from + maxBlocks - 1);
    if (from <= to) yield* snapshot.pieces(from, to);
  } finally {
    await snapshot.close();
  }
}
