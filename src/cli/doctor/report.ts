/** What the doctor found, for a person. */
import type { Facts, Hindrance } from '../../node/index.js';
import { formatDuration, plural, printable, shortPeer } from '../format.js';
import { paint } from '../terminal.js';
import { isHindered, recommendation } from './recommendation.js';

type Mark = 'ok' | 'no' | '-';
/** A line of the report; where nothing was to be checked, `-`. */
type Line = readonly [mark: Mark, text: string];

/** Peers shown; a room has no more. */
const MAX_PEERS_SHOWN = 40;

export function reportText(facts: Facts, hindrances: readonly Hindrance[]): string {
  const sections: [title: string, lines: Line[]][] = [
    ['Interfaces', interfaceLines(facts)],
    ['Multicast', multicastLines(facts)],
    ['Peers', peerLines(facts)],
    ['Other networks', otherLines(facts)],
    ['Clocks', clockLines(facts)],
    ['Data directory', storageLines(facts, hindrances)],
  ];
  const marks: Record<Mark, string> = { ok: paint.green('ok'), no: paint.red('!!'), '-': paint.dim('--') };
  const checks = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) =>
      [paint.bold(title), ...lines.map(([mark, text]) => `  ${marks[mark]}  ${printable(text)}`)].join('\n'),
    );
  const found = hindrances.map(({ code, blocks, what }) => {
    return `  ${blocks ? paint.red(code) : code}: ${printable(what)}`;
  });
  return [
    ...checks,
    ...(found.length === 0
      ? []
      : [[paint.bold(isHindered(hindrances) ? 'In the way' : 'Worth knowing'), ...found].join('\n')]),
    `${paint.bold('Recommendation')}\n  ${printable(recommendation(facts, hindrances))}`,
  ].join('\n\n');
}

function interfaceLines({ interfaces }: Facts): Line[] {
  const outward = interfaces.filter(({ internal }) => !internal);
  if (outward.length === 0) return [['no', 'none but loopback']];
  return outward.map(({ name, address }) => ['ok', `${name}  ${address}`]);
}

const MDNS_TEXT: Record<string, Line> = {
  off: ['-', 'this node does not use mDNS'],
  asked: ['-', 'our own question was asked a moment ago'],
  heard: ['ok', 'our own question is heard'],
  'not-heard': ['no', 'our own question is not heard'],
  failed: ['no', 'the question cannot be sent'],
};

function multicastLines({ interfaces, machines }: Facts): Line[] {
  const lines = interfaces
    .filter(({ internal }) => !internal)
    .map(({ name, mdns, error }): Line => {
      const [mark, text] = MDNS_TEXT[mdns] ?? ['-', mdns];
      return [mark, `${name}  ${text}${error === undefined ? '' : ` (${error})`}`];
    });
  if (lines.length === 0 || machines === undefined) return lines;
  const others = machines.length === 0 ? 'none' : machines.slice(0, 10).join(', ');
  return [...lines, [machines.length === 0 ? '-' : 'ok', `other machines heard: ${others}`]];
}

const BY_TEXT: Record<string, string> = {
  mdns: 'heard by mDNS',
  peer: 'came by itself',
  exchange: 'named by another peer',
  fixed: 'named by you',
  remembered: 'known from an earlier run',
};

function peerLines({ self, sightings, dials, at }: Facts): Line[] {
  if (self === undefined) return [['-', 'no node of this user runs, so nobody was looked for']];
  const ids = new Set([
    ...self.peers.map(({ peerId }) => peerId),
    ...sightings.map(({ peerId }) => peerId),
    // Whoever came once and has no address, as one that only asked something, is nobody to be reached.
    ...dials.flatMap(({ peerId, address, outcome }) =>
      outcome === 'no-address' ? [] : (peerId ?? address ?? []),
    ),
  ]);
  const lines = [...ids].map((id): Line => {
    const connected = self.peers.find(({ peerId }) => peerId === id);
    const sighting = sightings.find(({ peerId }) => peerId === id);
    const dial = dials.find(({ peerId, address }) => (peerId ?? address) === id);
    const name = connected?.name
      ? `${connected.name} (${shortPeer(id)})`
      : id.startsWith('/')
        ? id
        : shortPeer(id);
    const seen =
      sighting &&
      `${BY_TEXT[sighting.by] ?? sighting.by} ${ago(at, sighting.at)}${placeOf(sighting.addresses)}`;
    const end = connected
      ? 'connected'
      : dial === undefined
        ? 'not dialled'
        : dial.outcome === 'connected'
          ? `was connected ${ago(at, dial.at)}`
          : `${dial.outcome}, ${dial.failures === 1 ? 'once' : `${dial.failures} times`}, last ${ago(at, dial.at)}`;
    const mark = connected ? 'ok' : dial && dial.outcome !== 'connected' ? 'no' : '-';
    return [mark, [name, seen, end].filter(Boolean).join(': ')];
  });
  if (lines.length === 0) return [['-', 'nobody was heard of']];
  const more = lines.length - MAX_PEERS_SHOWN;
  const shown = lines.sort(([a], [b]) => (a === b ? 0 : a === 'ok' ? -1 : 1)).slice(0, MAX_PEERS_SHOWN);
  return more > 0 ? [...shown, ['-', `and ${plural(more, 'other')}`]] : shown;
}

function ago(now: Date, then: Date): string {
  const seconds = Math.round((now.getTime() - then.getTime()) / 1000);
  return seconds > 0 ? `${formatDuration(seconds)} ago` : 'just now';
}

function placeOf(addresses: readonly string[]): string {
  const [first] = addresses;
  return first === undefined ? '' : ` at ${first.replace(/\/p2p\/[^/]+$/, '')}`;
}

function otherLines({ otherNetworks, strangers, at }: Facts): Line[] {
  return [
    ...strangers.map(({ peerId, network, at: then }): Line => {
      const kind =
        network === undefined
          ? 'does not speak our protocol'
          : `is of the network ${JSON.stringify(network.name)}, difficulty ${network.difficulty}, genesis ${network.genesisHash.slice(0, 12)}…`;
      return ['-', `${shortPeer(peerId)} ${kind}: asked ${ago(at, then)}`];
    }),
    ...otherNetworks.map(({ networkDigits, from, at: then }): Line => {
      return ['-', `a network whose id begins with ${networkDigits}: heard from ${from} ${ago(at, then)}`];
    }),
  ];
}

function clockLines({ self, clocks }: Facts): Line[] {
  return clocks
    .filter(({ peerId }) => peerId !== self?.peerId)
    .slice(-MAX_PEERS_SHOWN)
    .map(({ peerId, offsetMs }) => {
      const how = offsetMs < 0 ? 'ahead of ours' : 'behind ours, or what its block took to get here';
      return ['-', `${shortPeer(peerId)}: ${formatDuration(Math.abs(offsetMs) / 1000)} ${how}`];
    });
}

const GIB = 1 << 30;

function storageLines({ storage }: Facts, hindrances: readonly Hindrance[]): Line[] {
  if (storage === undefined) return [['-', 'none: all is gone when the node stops']];
  const { directory, freeBytes } = storage;
  const wrong = hindrances.find(({ about }) => about === directory);
  if (wrong !== undefined) return [['no', wrong.what]];
  const free = freeBytes === undefined ? '' : `, ${Number((freeBytes / GIB).toPrecision(3))} GiB free`;
  return [['ok', `${directory}${free}`]];
}
