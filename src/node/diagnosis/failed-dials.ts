/** Peers that ought to be reached and are not: who, and how it failed. */
import type { DialOutcome, DialRecord } from '../../network/index.js';
import * as limits from './constants.js';
import type { Facts } from './facts.js';
import type { Hindrance, HindranceCode } from './hindrance.js';
import { hostPort, ports, shortId } from './words.js';

type Told = Pick<Hindrance, 'code' | 'what' | 'advice'>;

export function failedDials(facts: Facts): Hindrance[] {
  return facts.dials.filter((dial) => isInTheWay(facts, dial)).flatMap((dial) => tell(facts, dial) ?? []);
}

/** A peer that is gone is nobody's trouble: only one that is there, or that the user has named. */
function isInTheWay(facts: Facts, { peerId, outcome, failures }: DialRecord): boolean {
  const { self, sightings, strangers, at: now } = facts;
  if (outcome === 'connected' || self === undefined) return false;
  if (outcome !== 'timed-out' && failures < limits.FAILURES && outcome !== 'dropped') return false;
  if (peerId === undefined) return true;
  if (self.peers.some((peer) => peer.peerId === peerId)) return false;
  if (strangers.some((stranger) => stranger.peerId === peerId)) return false; // that says more
  const sighting = sightings.find((one) => one.peerId === peerId);
  if (sighting === undefined || sighting.by === 'fixed') return true;
  return sighting.by !== 'remembered' && now.getTime() - sighting.at.getTime() <= limits.FRESH_MS;
}

function tell(facts: Facts, dial: DialRecord): Hindrance | undefined {
  const { peerId, address, message, failures } = dial;
  const sighting = facts.sightings.find((one) => one.peerId === peerId);
  const addresses = [...(address === undefined ? [] : [address]), ...(sighting?.addresses ?? [])];
  const where = hostPort(addresses) ?? 'an unknown address';
  const name = peerId === undefined ? where : `${shortId(peerId)} at ${where}`;
  const heard = sighting?.by === 'mdns' ? ', though it is heard by mDNS' : '';
  const times = failures === 1 ? 'once' : `${failures} times`;
  const told = TELL[dial.outcome]?.({ name, where, heard, times, message, ours: portsOf(facts) });
  return told && { about: peerId ?? where, blocks: true, ...told };
}

function portsOf({ self }: Facts): string {
  const all = ports(self?.addresses ?? []);
  return all.length === 0 ? '' : ` (${all.length === 1 ? 'TCP port' : 'TCP ports'} ${all.join(', ')})`;
}

interface Said {
  readonly name: string;
  /** host:port */
  readonly where: string;
  readonly heard: string;
  readonly times: string;
  readonly message: string;
  /** The ports of ours, in brackets. */
  readonly ours: string;
}

function said(code: HindranceCode, what: string, advice: string): Told {
  return { code, what, advice };
}

/** By how a dial ended. What is not here is nobody's trouble. */
const TELL: Partial<Record<DialOutcome, (said: Said) => Told>> = {
  'timed-out': ({ name, where, heard, times, ours }) =>
    said(
      'port-blocked',
      `the port is blocked: ${name} does not answer${heard} (timed out ${times})`,
      `Let connections in at ${where}: the firewall there, or the Wi-Fi's client isolation, holds them back. Or let them in here${ours}: one of the two is enough.`,
    ),
  refused: ({ name, where, heard, times }) =>
    said(
      'refused',
      `${name} refuses the connection${heard} (${times})`,
      `See on that machine whether its node still runs and listens at ${where} (gossipchain status); if it does, its firewall refuses.`,
    ),
  unreachable: ({ name, times }) =>
    said(
      'unreachable',
      `no route leads to ${name} (${times})`,
      'Bring both machines into the same network; where a VPN is on, switch it off or let it leave the LAN alone.',
    ),
  'unknown-host': ({ message }) =>
    said('unknown-host', message, 'Give the address as numbers, or mend its name.'),
  'wrong-peer': ({ where }) =>
    said(
      'wrong-peer',
      `another node answers at ${where} than the one that was named`,
      'That node has a new key, or another has its address: ask it for its address again (gossipchain status).',
    ),
  'dial-failed': ({ name, message }) =>
    said(
      'not-a-node',
      `${name} was not reached: ${message}`,
      'See which program listens there: it is no node that lets us in.',
    ),
  dropped: ({ name, message }) =>
    said(
      'dropped',
      `${name} was hung up on${message === '' ? '' : `: ${message}`}`,
      'It broke the rules: start the same version of gossipchain there as here. It may come back after a minute.',
    ),
};
