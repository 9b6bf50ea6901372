import { getNetConfig, isLoopback, isPrivate } from '@libp2p/utils';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { isLinkLocal } from '../link-local.js';
import { tcpAddress } from './address.js';
import { type LanInterface, lanInterfaces } from './interfaces.js';

const WILDCARD = '/ip4/0.0.0.0/';
const LINK_LOCAL = '169.254.';

/**
 * All addresses we listen on. libp2p leaves the self-assigned ones (169.254.0.0/16) out of a wildcard's; on a switch
 * without DHCP there are no others.
 *
 * @param listen as configured
 * @param own as libp2p resolves them now
 */
export function listening(
  listen: readonly string[],
  own: readonly Multiaddr[],
  interfaces: readonly LanInterface[],
): Multiaddr[] {
  const sibling = own.find((address) => isLoopback(address) && hostOf(address)?.includes('.'));
  if (sibling === undefined || !listen.some((text) => text.startsWith(WILDCARD))) return [...own];
  const selfAssigned = interfaces
    .flatMap(({ addresses }) => addresses)
    .filter((address) => address.startsWith(LINK_LOCAL))
    .map((address) => multiaddr(`${sibling}`.replace(/^\/ip4\/[^/]+/, `/ip4/${address}`)));
  return [...own, ...selfAssigned];
}

/**
 * What peers are told by identify, wherever they are: self-assigned addresses only where there are no others, and
 * loopback only where there are none at all.
 */
export function announced(
  listen: readonly string[],
  own: readonly Multiaddr[],
  interfaces: readonly LanInterface[] = lanInterfaces(),
): Multiaddr[] {
  const all = listening(listen, own, interfaces);
  const reaching = all.filter((address) => !isLoopback(address));
  const wide = reaching.filter((address) => !hostOf(address)?.startsWith(LINK_LOCAL));
  return [wide, reaching, all].find((addresses) => addresses.length > 0) ?? [];
}

/** What is told on one interface: what reaches us through it. */
export function announcedOn({ addresses }: LanInterface, all: readonly Multiaddr[]): Multiaddr[] {
  return all.filter((address) => addresses.includes(hostOf(address) ?? ''));
}

/** Puts addresses in the subnet of one of our interfaces first, loopback last: others may take seconds to fail. */
export function nearestFirst(a: Multiaddr, b: Multiaddr, interfaces: readonly LanInterface[]): -1 | 0 | 1 {
  const distance = (address: Multiaddr) => {
    if (isLoopback(address)) return 2;
    const host = hostOf(address) ?? '';
    return interfaces.some((lan) => !lan.internal && host.includes('.') && lan.contains(host)) ? 0 : 1;
  };
  const [here, there] = [distance(a), distance(b)];
  return here === there ? 0 : here < there ? -1 : 1;
}

function hostOf(address: Multiaddr): string | undefined {
  const [first] = address.getComponents();
  return first?.name === 'ip4' || first?.name === 'ip6' ? getNetConfig(address).host : undefined;
}

/**
 * The addresses on a network of ours, or of a range that routers keep off the internet: all that others' words make us dial. The
 * interfaces are read once, and only for who tells of others than those.
 */
export function near(
  addresses: readonly Multiaddr[],
  read: () => readonly LanInterface[] = lanInterfaces,
): Multiaddr[] {
  let interfaces: readonly LanInterface[] | undefined;
  return addresses.filter((address) => {
    const tcp = tcpAddress(address);
    if (tcp === undefined || (tcp.type !== 'ip4' && tcp.type !== 'ip6') || isLinkLocal(tcp.host))
      return false;
    if (isPrivate(address)) return true;
    interfaces ??= read();
    return tcp.type === 'ip4' && interfaces.some(({ contains }) => contains(tcp.host));
  });
}
