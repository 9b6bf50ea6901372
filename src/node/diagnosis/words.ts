/** How peers, addresses and times are named in a sentence. */
import type { Facts } from './facts.js';

/** The options by which networks differ. */
export const LAN_OPTIONS = '--network, --difficulty and --genesis';

/** The end of a peer id: those of one kind all begin alike. */
export function shortId(peerId: string): string {
  return peerId.length <= 12 ? peerId : `…${peerId.slice(-10)}`;
}

/** A peer by its name, if it is connected, and by where it was last. */
export function who(facts: Pick<Facts, 'self' | 'sightings' | 'dials'>, peerId: string): string {
  const connected = facts.self?.peers.find((peer) => peer.peerId === peerId);
  const name = connected?.name ? `${connected.name} (${shortId(peerId)})` : shortId(peerId);
  const sighted = facts.sightings.find((sighting) => sighting.peerId === peerId)?.addresses;
  const dialled = facts.dials.find((dial) => dial.peerId === peerId)?.address;
  const where = hostPort([
    ...(dialled === undefined ? [] : [dialled]),
    ...(sighted ?? connected?.addresses ?? []),
  ]);
  return where === undefined ? name : `${name} at ${where}`;
}

/** The first of some multiaddrs that leads to another machine, as host:port. */
export function hostPort(addresses: readonly string[]): string | undefined {
  const read = addresses.flatMap((address) => {
    const match = /^\/(?:ip[46]|dns[46]?|dnsaddr)\/([^/]+)\/tcp\/(\d+)/.exec(address);
    if (match === null) return [];
    const [, host = '', port = ''] = match;
    return [host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`];
  });
  return read.find((text) => !/^(127\.|\[::1\])/.test(text)) ?? read[0];
}

/** The TCP ports of some multiaddrs, each once. */
export function ports(addresses: readonly string[]): string[] {
  return [...new Set(addresses.flatMap((address) => /\/tcp\/(\d+)/.exec(address)?.[1] ?? []))];
}

const MAX_NAMED = 3;

/** A few, and how many more. */
export function at(list: readonly string[]): string {
  const more = list.length - MAX_NAMED;
  const named = list.slice(0, MAX_NAMED).join(', ');
  return more > 0 ? `${named} and ${more} more` : named;
}

/** @example secondsText(7400) // '7.4 s' */
export function secondsText(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 120) return `${Number(seconds.toPrecision(2))} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3600)} hours`;
}
