/** A diagnostician wired to a node's parts. */
import type { HeadInfo } from '../../../protocols/chain/index.js';
import { networkId } from '../../chain/index.js';
import type { Network } from '../../network/index.js';
import type { BlockStore } from '../../storage/index.js';
import type { ResolvedOptions } from '../options.js';
import { Diagnostician } from './diagnostician.js';
import type { SelfState } from './facts.js';
import { Scout } from './scout.js';
import { troubleOf, usedStorageState } from './storage-state.js';

export function makeDiagnostician(
  { network: spec, dataDir, log }: ResolvedOptions,
  network: Network,
  store: Pick<BlockStore, 'trouble'>,
  ownHead: () => HeadInfo,
): Diagnostician {
  const startedAt = new Date();
  const { name, difficulty, genesis } = spec;
  const self = (): SelfState => ({
    peerId: network.peerId,
    networkId: networkId(spec),
    network: { name, difficulty, genesisHash: genesis.hash },
    startedAt,
    addresses: network.addresses(),
    peers: network.peers().map(({ peerId, name, addresses }) => ({ peerId, name, addresses })),
  });
  const storage = async () => {
    if (dataDir === undefined) return undefined;
    const state = await usedStorageState(dataDir);
    if (store.trouble === undefined || state.trouble !== undefined) return state;
    return { ...state, trouble: troubleOf(store.trouble) };
  };
  const known = { diagnosis: () => network.diagnosis(), self, storage };
  return new Diagnostician(known, (found) => new Scout(spec, ownHead, found, log), log);
}
