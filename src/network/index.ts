/** The libp2p host: identity, addresses, discovery, peers. */
export { parseDialAddress } from './address.js';
export { nearestFirst } from './announce.js';
export { askAround, type Heard } from './ask-around.js';
export { MAX_ADDRESS_CHARACTERS } from './constants.js';
export type {
  Diagnosis,
  DialOutcome,
  DialRecord,
  DropReason,
  InterfaceState,
  MdnsState,
  OtherNetwork,
  SightedBy,
  Sighting,
} from './diagnosis.js';
export { serviceTag } from './discovery.js';
export {
  DialError,
  IdentityError,
  ListenError,
  NetworkError,
  NotConnectedError,
  NotStartedError,
} from './errors.js';
export type { Libp2pMetrics, PeerDatastore } from './host.js';
export { ephemeralKey, loadOrCreateKey } from './identity.js';
export type { NetworkEvents, NetworkInit } from './init.js';
export { type LanInterface, lanInterfaces } from './interfaces.js';
export { Network } from './network.js';
export type { ConnectedPeer } from './peers.js';
export { NO_PORT_MEMORY, PortFile, type PortMemory } from './ports.js';
export { cleanNickname } from './user-agent.js';
export { type VisitedPeer, visit } from './visit.js';
