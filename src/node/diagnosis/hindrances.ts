/** From what is known to what stands in the way. Pure: the same facts, the same answer. */
import { join } from 'node:path';
import { MORE_FILES } from '../../open-files.js';
import * as limits from './constants.js';
import type { Facts, NetworkTold, StorageTrouble, Stranger } from './facts.js';
import { failedDials } from './failed-dials.js';
import { HINDRANCE_CODES, type Hindrance, type HindranceCode } from './hindrance.js';
import { at, hostPort, LAN_OPTIONS, secondsText, shortId, who } from './words.js';

/** All that stands in the way or is worth knowing, what is to be removed first first. */
export function hindrancesIn(facts: Facts): Hindrance[] {
  return [
    ...interfaces(facts),
    ...storage(facts),
    ...multicast(facts),
    ...strangers(facts),
    ...otherNetworks(facts),
    ...failedDials(facts),
    ...alone(facts),
    ...silent(facts),
    ...clocks(facts),
  ].sort((a, b) => rank(a) - rank(b));
}

function rank({ code, blocks }: Hindrance): number {
  return HINDRANCE_CODES.indexOf(code) + (blocks ? 0 : HINDRANCE_CODES.length);
}

/** Interfaces that lead to others. */
function outward({ interfaces }: Facts) {
  return interfaces.filter(({ internal }) => !internal);
}

function interfaces(facts: Facts): Hindrance[] {
  // Nodes on one machine find each other by loopback: then nothing is in the way of these.
  const blocks = !hasPeers(facts);
  return outward(facts).length > 0
    ? []
    : [
        {
          code: 'no-interface',
          about: '',
          blocks,
          what: 'this machine has no network address but loopback: nobody outside of it can be reached',
          advice:
            'Connect this machine to the LAN: plug in its cable or join the Wi-Fi. Its nodes notice it within seconds.',
        },
      ];
}

function storage({ storage }: Facts): Hindrance[] {
  if (storage === undefined) return [];
  const { directory, freeBytes, writable, trouble } = storage;
  const told = (code: HindranceCode, what: string, advice: string): Hindrance[] => [
    { code, about: directory, blocks: true, what, advice },
  ];
  if (trouble !== undefined && trouble !== 'write-failed') return told(...TROUBLES[trouble](directory));
  if (!writable)
    return told(
      'storage-unusable',
      `the data directory ${directory} cannot be written to`,
      `Make ${directory} writable for this user, or choose another with --data-dir.`,
    );
  if (trouble === 'write-failed')
    return told(
      'disk-full',
      `the node could not write to ${directory}, and shows what it had before`,
      `Make room on the disk of ${directory}: the node looks every few seconds, and goes on then.`,
    );
  if (freeBytes === undefined || freeBytes >= limits.MIN_FREE_BYTES) return [];
  return told(
    'disk-full',
    `the disk of ${directory} has ${Math.floor(freeBytes / (1 << 20))} MiB left`,
    `Make room on the disk of ${directory}, or choose another with --data-dir.`,
  );
}

type Told = readonly [code: HindranceCode, what: string, advice: string];

/** What is wrong with the directory itself: then whether it can be written to is no question. */
const TROUBLES: Record<Exclude<StorageTrouble, 'write-failed'>, (directory: string) => Told> = {
  damaged: (directory) => [
    'storage-damaged',
    `the chain in ${directory} is damaged`,
    `Stop the node, move ${join(directory, 'chain')} away and start again: the node fetches the chain from its peers anew, and keeps its identity.`,
  ],
  gone: (directory) => [
    'storage-unusable',
    `the chain in ${directory} was removed while the node runs: what it has now is lost when it stops`,
    'Where no peer has its chain, save it by gossipchain chain --json > FILE. Then stop the node and start it again.',
  ],
  'too-many-files': (directory) => [
    'storage-unusable',
    `the node may open no more files, could not write to ${directory}, and shows what it had before`,
    `${MORE_FILES[0]?.toUpperCase()}${MORE_FILES.slice(1)}.`,
  ],
  'no-directory': (directory) => [
    'storage-unusable',
    `the data directory ${directory} is a file, or lies below one`,
    'Choose another with --data-dir, or move the file away.',
  ],
  'other-network': (directory) => [
    'storage-unusable',
    `the data directory ${directory} holds the chain of another network`,
    `Choose another with --data-dir, or give the ${LAN_OPTIONS} that it was made with.`,
  ],
};

function multicast(facts: Facts): Hindrance[] {
  const lans = outward(facts);
  const works = lans.some(({ mdns }) => mdns === 'heard');
  return lans.flatMap(({ name, address, mdns, error }): Hindrance[] => {
    const about = name;
    // Where it works on one of several interfaces, or peers are there all the same, it need not on the others.
    const blocks = !works && !hasPeers(facts);
    if (mdns === 'failed') {
      const what = `the system refuses to send mDNS on ${name} (${address}): ${error ?? 'it does not say why'}`;
      const advice = `Let UDP port 5353 out through this machine's firewall, and see whether a VPN has taken over ${name}. ${A_WAY_ROUND}`;
      return [{ code: 'mdns-failed', about, blocks, what, advice }];
    }
    if (mdns !== 'not-heard') return [];
    const what = `multicast is dropped: our own mDNS question does not come back on ${name} (${address})`;
    const advice = `Let UDP port 5353 in through this machine's firewall. ${A_WAY_ROUND}`;
    return [{ code: 'multicast-dropped', about, blocks, what, advice }];
  });
}

/** One address of one node is enough to meet all. */
const A_WAY_ROUND =
  'Or do without: gossipchain invite on one machine shows a code, gossipchain connect CODE on the other takes it.';

function strangers(facts: Facts): Hindrance[] {
  const { self } = facts;
  if (self === undefined) return [];
  return facts.strangers
    .filter((stranger) => isThere(facts, stranger) || isDialled(facts, stranger))
    .map((stranger): Hindrance => {
      const { peerId, why, network } = stranger;
      const place = hostPort(stranger.addresses);
      const name = place === undefined ? who(facts, peerId) : `${shortId(peerId)} at ${place}`;
      if (why === 'protocol-unknown' || network === undefined) {
        const what = `${name} was reached, and does not speak our protocol`;
        const advice = `Start the same version of gossipchain there as here; if it is another program, leave ${name} alone.`;
        return { code: 'protocol-unknown', about: peerId, blocks: !hasPeers(facts), what, advice };
      }
      return { about: peerId, blocks: !hasPeers(facts), ...difference(name, network, self.network) };
    });
}

/** Nodes of two networks may share a LAN: one is in the way only of a node that has nobody else. */
function difference(
  name: string,
  theirs: NetworkTold,
  ours: NetworkTold,
): Pick<Hindrance, 'code' | 'what' | 'advice'> {
  if (theirs.name !== ours.name) {
    return {
      code: 'wrong-network',
      what: `${name} belongs to the network ${JSON.stringify(theirs.name)}, this node to ${JSON.stringify(ours.name)}`,
      advice: 'Start all nodes with the same --network.',
    };
  }
  if (theirs.difficulty !== ours.difficulty) {
    return {
      code: 'wrong-difficulty',
      what: `${name} belongs to a network of the same name with difficulty ${theirs.difficulty}, this node's is ${ours.difficulty}`,
      advice: 'Start all nodes with the same --difficulty.',
    };
  }
  return {
    code: 'wrong-genesis',
    what: `${name} belongs to a network of the same name with another first block: its genesis is ${theirs.genesisHash.slice(0, 12)}…, this node's ${ours.genesisHash.slice(0, 12)}…`,
    advice: 'Start all nodes with the same --genesis file, or all without one.',
  };
}

/** Somebody who was there a while ago may have gone, or been started anew. */
function isThere({ at: now }: Facts, { at }: { readonly at: Date }): boolean {
  return now.getTime() - at.getTime() <= limits.OTHER_NETWORK_MS;
}

/** One that the user has named is dialled again and again. */
function isDialled(facts: Facts, { peerId }: Stranger): boolean {
  return facts.dials.some(
    (dial) => dial.peerId === peerId && dial.outcome !== 'connected' && isThere(facts, dial),
  );
}

/** Heard by mDNS, which tells no more of a network than the first digits of its id. */
function otherNetworks(facts: Facts): Hindrance[] {
  const { self, strangers, otherNetworks } = facts;
  // Two networks may share a LAN; and a stranger that told its network says more.
  if (self === undefined || hasPeers(facts) || strangers.some((one) => isThere(facts, one))) return [];
  return otherNetworks
    .filter((other) => isThere(facts, other))
    .map(({ networkDigits, from }) => ({
      code: 'other-network',
      about: networkDigits,
      blocks: true,
      what: `a node at ${from} belongs to another network: the id of its network begins with ${networkDigits}, that of ours is ${self.networkId}`,
      advice: `Start all nodes with the same ${LAN_OPTIONS}.`,
    }));
}

/** Nobody is here, and nothing says why. */
function alone(facts: Facts): Hindrance[] {
  const { self, at: now, machines } = facts;
  if (self === undefined || hasPeers(facts) || outward(facts).length === 0) return [];
  if (now.getTime() - self.startedAt.getTime() < limits.ALONE_MS) return [];
  if (facts.sightings.some(({ by, at }) => by !== 'remembered' && isFresh(now, at))) return [];
  // What is known of others says why already.
  if ([...facts.strangers, ...facts.otherNetworks].some((one) => isThere(facts, one))) return [];
  const lans = outward(facts);
  if (lans.every(({ mdns }) => mdns === 'off')) {
    const what = 'this node does not look for others by mDNS (--no-mdns), and knows none';
    const advice =
      'Name one (gossipchain connect ADDRESS, or start with --peer ADDRESS), or start without --no-mdns.';
    return [{ code: 'nobody-heard', about: '', blocks: true, what, advice }];
  }
  if (!lans.some(({ mdns }) => mdns === 'heard')) return []; // that says it already
  if (machines !== undefined && machines.length > 0) {
    const what = `no other node of this network is heard, though multicast works: ${at(machines)} ${machines.length === 1 ? 'is' : 'are'} heard by mDNS`;
    const advice = `Start a node on another machine of this LAN, with the same ${LAN_OPTIONS} and without --no-mdns.`;
    return [{ code: 'nobody-heard', about: '', blocks: true, what, advice }];
  }
  const what =
    'no other machine is heard by mDNS: multicast is dropped between the machines, or nobody else is there';
  const advice = `If another node runs on this LAN, the network drops multicast, as guest Wi-Fi does. ${A_WAY_ROUND}`;
  // Only whoever has just asked all machines, and not nodes alone, knows enough to call it so.
  const code = machines === undefined ? 'nobody-heard' : 'multicast-dropped';
  return [{ code, about: '', blocks: true, what, advice }];
}

/** Peers are here by other ways, and none in our own subnet is heard by mDNS: newcomers would not find them. */
function silent(facts: Facts): Hindrance[] {
  const { self, machines } = facts;
  if (self === undefined || machines === undefined) return [];
  return outward(facts).flatMap(({ name, address, mdns }): Hindrance[] => {
    const subnet = address.replace(/\d+$/, '');
    const near = self.peers.filter(({ addresses }) =>
      addresses.some((text) => text.startsWith(`/ip4/${subnet}`) && !text.startsWith(`/ip4/${address}/`)),
    );
    if (mdns !== 'heard' || near.length === 0 || machines.some((machine) => machine.startsWith(subnet)))
      return [];
    const what = `multicast is dropped between the machines: peers on ${name} are connected, and none of them is heard by mDNS`;
    const advice = 'Newcomers need an invitation: gossipchain invite shows one.';
    return [{ code: 'multicast-dropped', about: name, blocks: false, what, advice }];
  });
}

function clocks(facts: Facts): Hindrance[] {
  return facts.clocks
    .filter(
      ({ peerId, offsetMs }) => peerId !== facts.self?.peerId && Math.abs(offsetMs) >= limits.CLOCK_SKEW_MS,
    )
    .map(({ peerId, offsetMs }) => {
      const how = offsetMs < 0 ? 'ahead of' : 'behind';
      return {
        code: 'clock-skew',
        about: peerId,
        blocks: false,
        what: `the clock of ${who(facts, peerId)} is ${secondsText(Math.abs(offsetMs))} ${how} ours, by the time in its last block`,
        advice: `Set the clock of the machine of ${shortId(peerId)}, or this one's: let both take the time from the network.`,
      };
    });
}

function hasPeers({ self }: Facts): boolean {
  return self !== undefined && self.peers.length > 0;
}

function isFresh(now: Date, at: Date): boolean {
  return now.getTime() - at.getTime() <= limits.FRESH_MS;
}
