/**
 * The peer store as identify sees it: a peer may say of itself as much as a peer of ours has to say. libp2p takes some 8,000
 * addresses and goes through all of them, each with each, at every stream with that peer from then on.
 */
import type { PeerData, PeerStore } from '@libp2p/interface';
import { MAX_ADDRESSES_PER_PEER, MAX_PROTOCOLS_PER_PEER } from './constants.js';

export function modest(store: PeerStore): PeerStore {
  const patch: PeerStore['patch'] = (peer, data, options) => store.patch(peer, cut(data), options);
  return new Proxy(store, {
    get: (target, key) => {
      if (key === 'patch') return patch;
      const value = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** The rest is as if it had not been said. */
function cut(data: PeerData): PeerData {
  const { addresses, protocols } = data;
  return {
    ...data,
    ...(addresses === undefined ? {} : { addresses: addresses.slice(0, MAX_ADDRESSES_PER_PEER) }),
    ...(protocols === undefined ? {} : { protocols: protocols.slice(0, MAX_PROTOCOLS_PER_PEER) }),
  };
}
