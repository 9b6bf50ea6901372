import type { AddressInfo, Server } from 'node:net';
import type { Listener } from '@libp2p/interface';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';

/**
 * A listener whose addresses can be asked for at any time. libp2p asks the system which they are each time, and where that does not
 * tell, it fails with whatever wanted to know; here they stay as they were, and at first are those of loopback.
 */
export function withSteadyAddresses(listener: Listener): Listener {
  const read = listener.getAddrs.bind(listener);
  let last: Multiaddr[] = [];
  listener.getAddrs = () => {
    try {
      last = read();
    } catch {
      if (last.length === 0) last = loopbackOf(listener); // for whatever reason
    }
    return last;
  };
  return listener;
}

/** Of one that listens on all addresses: none other is looked up. None yet of one that does not listen. */
function loopbackOf(listener: Listener): Multiaddr[] {
  // Every listener of libp2p's TCP has its server; its type does not say so.
  const { server } = listener as unknown as { server: Server };
  const bound = server.address() as AddressInfo | null;
  if (bound === null) return [];
  const { family, port } = bound;
  return [multiaddr(family === 'IPv6' ? `/ip6/::1/tcp/${port}` : `/ip4/127.0.0.1/tcp/${port}`)];
}
