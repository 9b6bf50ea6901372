/** A diagnosis as the API's JSON has it, and back. */
import { type Facts, hindrancesIn } from '../node/index.js';
import { isoTime } from './schemas/common.js';
import type { DiagnosisAnswer } from './schemas/diagnosis.js';

export function diagnosisAnswer(facts: Facts): DiagnosisAnswer {
  const { self, storage } = facts;
  return {
    at: isoTime(facts.at),
    node: self
      ? {
          peer_id: self.peerId,
          network_id: self.networkId,
          network: networkAnswer(self.network),
          started_at: isoTime(self.startedAt),
          addresses: [...self.addresses],
          peers: self.peers.map(({ peerId, name, addresses }) => ({
            peer_id: peerId,
            name,
            addresses: [...addresses],
          })),
        }
      : null,
    interfaces: facts.interfaces.map(({ name, address, internal, mdns, since, error }) => ({
      ...{ name, address, internal, mdns, error: error ?? null },
      since: since === undefined ? null : isoTime(since),
    })),
    machines: facts.machines ? [...facts.machines] : null,
    sightings: facts.sightings.map(({ peerId, addresses, at, by }) => ({
      peer_id: peerId,
      addresses: [...addresses],
      at: isoTime(at),
      by,
    })),
    dials: facts.dials.map(({ peerId, address, outcome, message, at, failures }) => ({
      peer_id: peerId ?? null,
      address: address ?? null,
      ...{ outcome, message, at: isoTime(at), failures },
    })),
    other_networks: facts.otherNetworks.map(({ networkDigits, from, at }) => ({
      id_begins: networkDigits,
      from,
      at: isoTime(at),
    })),
    strangers: facts.strangers.map(({ peerId, addresses, why, network, at }) => ({
      peer_id: peerId,
      addresses: [...addresses],
      why,
      network: network === undefined ? null : networkAnswer(network),
      at: isoTime(at),
    })),
    clocks: facts.clocks.map(({ peerId, offsetMs, at }) => ({
      peer_id: peerId,
      offset_ms: offsetMs,
      at: isoTime(at),
    })),
    storage: storage
      ? {
          directory: storage.directory,
          free_bytes: storage.freeBytes ?? null,
          writable: storage.writable,
          trouble: storage.trouble ?? null,
        }
      : null,
    hindrances: hindrancesIn(facts).map((hindrance) => ({ ...hindrance })),
  };
}

function networkAnswer({ name, difficulty, genesisHash }: NonNullable<Facts['self']>['network']) {
  return { name, difficulty, genesis: genesisHash };
}

/** What a node of this version has answered. */
export function factsFrom(answer: DiagnosisAnswer): Facts {
  const { node, storage } = answer;
  return {
    at: new Date(answer.at),
    self: node
      ? {
          peerId: node.peer_id,
          networkId: node.network_id,
          network: networkFacts(node.network),
          startedAt: new Date(node.started_at),
          addresses: node.addresses,
          peers: node.peers.map(({ peer_id, name, addresses }) => ({ peerId: peer_id, name, addresses })),
        }
      : undefined,
    interfaces: answer.interfaces.map(({ since, error, ...rest }) => ({
      ...rest,
      since: since === null ? undefined : new Date(since),
      error: error ?? undefined,
    })),
    machines: answer.machines ?? undefined,
    sightings: answer.sightings.map(({ peer_id, addresses, at, by }) => ({
      peerId: peer_id,
      addresses,
      at: new Date(at),
      by,
    })),
    dials: answer.dials.map(({ peer_id, address, outcome, message, at, failures }) => ({
      peerId: peer_id ?? undefined,
      address: address ?? undefined,
      // A newer node may know outcomes that we do not: they are nobody's trouble.
      outcome: outcome as Facts['dials'][number]['outcome'],
      ...{ message, at: new Date(at), failures },
    })),
    otherNetworks: answer.other_networks.map(({ id_begins, from, at }) => ({
      networkDigits: id_begins,
      from,
      at: new Date(at),
    })),
    strangers: answer.strangers.map(({ peer_id, addresses, why, network, at }) => ({
      peerId: peer_id,
      addresses,
      why,
      network: network === null ? undefined : networkFacts(network),
      at: new Date(at),
    })),
    clocks: answer.clocks.map(({ peer_id, offset_ms, at }) => ({
      peerId: peer_id,
      offsetMs: offset_ms,
      at: new Date(at),
    })),
    storage: storage
      ? {
          directory: storage.directory,
          freeBytes: storage.free_bytes ?? undefined,
          writable: storage.writable,
          ...(storage.trouble ? { trouble: storage.trouble } : {}),
        }
      : undefined,
  };
}

function networkFacts({ name, difficulty, genesis }: NonNullable<DiagnosisAnswer['node']>['network']) {
  return { name, difficulty, genesisHash: genesis };
}
