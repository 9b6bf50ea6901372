/** fe80::/10: of IPv6, the addresses that mean nothing without the interface they are on. */
const LINK_LOCAL = /^fe[89ab][0-9a-f]:/i;

/** Of an address, or a name, which never is. */
export function isLinkLocal(host: string): boolean {
  return LINK_LOCAL.test(host);
}
