import { isIPv6, SocketAddress } from 'node:net';

/**
 * A host to bind to as the system writes it: an address without the brackets that it has in a URL, and without a zone that says
 * nothing; one of IPv4 that is written as IPv6 is IPv4's, as it is bound by those alone. A name stays as it is.
 */
export function plainHost(text: string): string {
  const address = withoutZone(text.replace(/^\[(.*)\]$/, '$1'));
  if (!isIPv6(address)) return text;
  return unmapped(new SocketAddress({ address, family: 'ipv6' }).address);
}

/** @example withoutZone('fe80::1%eth0') // 'fe80::1' */
export function withoutZone(address: string): string {
  return address.replace(/%.*$/, '');
}

/** An IPv4 address that came through an IPv6 socket. */
export function unmapped(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '');
}
