/** The libp2p host: identity, addresses, discovery, peers. */
export type {
  Diagnosis,
  DialOutcome,
  DialRecord,
  InterfaceState,
  MdnsState,
  OtherNetwork,
  SightedBy,
  Sighting,
} from './diagnosis.js';
export {
  DialError,
  IdentityError,
  ListenError,
  NetworkError,
  NotConnectedError,
  NotStartedError,
} from './errors.js';
export type { PeerDatastore } from './host.js';
export { ephemeralKey, loadOrCreateKey } from './identity.js';
export { Network, type NetworkEvents, type NetworkInit } from './network.js';
export type { ConnectedPeer } from './peers.js';
export { NO_PORT_MEMORY, PortFile, type PortMemory } from './ports.js';
export { cleanNickname } from './user-agent.js';
