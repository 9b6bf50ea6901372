import type { PeerId } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import type { Multiaddr } from '@multiformats/multiaddr';
import { peerIdIn, withoutPeerId, withPeerId } from './address.js';
import { ADDRESS_DIAL_TIMEOUT_MS } from './constants.js';
import { DialError } from './errors.js';
import type { Host } from './host.js';

type DialHost = Pick<Host, 'dial' | 'peerStore' | 'peerId'>;

/**
 * Dials a peer at these addresses, and then at those that are kept of it. libp2p would take them all in the order of their
 * text: of a peer that has been at many, the time would be over before the last one heard.
 *
 * @returns the peer's id
 * @throws {DialError}
 */
export async function dialPeer(
  host: DialHost,
  peerId: string,
  addresses: readonly Multiaddr[],
  signal: AbortSignal,
): Promise<string> {
  const started = Date.now();
  try {
    const id = peerIdFromString(peerId);
    const kept = addresses.length === 0 ? [] : await keptOf(host, id);
    const targets = [...addresses, ...kept].map((address) => withPeerId(address, peerId));
    return (await host.dial(targets.length === 0 ? id : targets, { signal })).remotePeer.toString();
  } catch (error) {
    throw dialError(error, peerId, signal, Date.now() - started);
  }
}

async function keptOf(host: DialHost, id: PeerId): Promise<Multiaddr[]> {
  if (!(await host.peerStore.has(id))) return [];
  return (await host.peerStore.get(id)).addresses.map(({ multiaddr }) => multiaddr);
}

/**
 * Dials a peer at these addresses and no others. Nothing of them is kept, unless the peer is there and says so itself.
 *
 * @returns the peer's id
 * @throws {DialError}
 */
export async function dialPeerAt(
  host: DialHost,
  peerId: string,
  addresses: readonly Multiaddr[],
  signal: AbortSignal,
): Promise<string> {
  const started = Date.now();
  try {
    const targets = addresses.map((address) => withoutPeerId(address).encapsulate(`/p2p/${peerId}`));
    return (await host.dial(targets, { signal })).remotePeer.toString();
  } catch (error) {
    throw dialError(error, peerId, signal, Date.now() - started);
  }
}

/**
 * Dials an address, whoever is there.
 *
 * @returns the id of the peer that is there
 * @throws {DialError}
 */
export async function dialAddress(host: DialHost, address: Multiaddr, signal: AbortSignal): Promise<string> {
  const text = address.toString();
  if (peerIdIn(address) === host.peerId.toString()) throw ourselves(text);
  const started = Date.now();
  try {
    return (await host.dial(address, { signal })).remotePeer.toString();
  } catch (error) {
    throw dialError(error, text, signal, Date.now() - started);
  }
}

function ourselves(address: string): DialError {
  return new DialError('ourselves', address, `${address} is this node itself: give the address of another`);
}

type Reason = { code: DialError['code']; why: string };

const TIMED_OUT: Reason = { code: 'timed-out', why: 'no answer in time; is a firewall in between?' };
const WRONG_PEER: Reason = { code: 'wrong-peer', why: 'another peer is there than the address names' };
const DROPPED: Reason = { code: 'cancelled', why: 'the peer was dropped a moment ago' };
const NO_NODE: Reason = {
  code: 'dial-failed',
  why: 'what answers there is no node of this kind, or hung up',
};

/** By the error's code or name, where it has one that says something. */
const REASONS: Record<string, Reason | undefined> = {
  ECONNREFUSED: { code: 'refused', why: 'nobody listens there; is the node running, and the port right?' },
  ECONNRESET: { code: 'refused', why: 'the other side hung up; is it a node, and does it let us in?' },
  EHOSTUNREACH: { code: 'unreachable', why: 'the machine cannot be reached; is it on the same network?' },
  ENETUNREACH: { code: 'unreachable', why: 'there is no route to it; is this machine on the same network?' },
  EHOSTDOWN: { code: 'unreachable', why: 'the machine is down' },
  ETIMEDOUT: TIMED_OUT,
  TimeoutError: TIMED_OUT,
  ENOTFOUND: { code: 'unknown-host', why: 'the host name is not known' },
  EAI_AGAIN: { code: 'unknown-host', why: 'the host name cannot be looked up now' },
  UnexpectedPeerError: WRONG_PEER,
  DialDeniedError: DROPPED,
  ConnectionInterceptedError: DROPPED,
  NoValidAddressesError: { code: 'no-address', why: 'no address of it is known that this node can dial' },
};

/** One line out of whatever a dial failed with. */
function dialError(error: unknown, address: string, signal: AbortSignal, tookMs: number): DialError {
  const causes = flatten(error);
  // libp2p's name for "Can not dial self".
  if (causes.some(({ name }) => name === 'InvalidPeerIdError')) return ourselves(address);
  if (signal.aborted && signal.reason?.name !== 'TimeoutError') {
    return new DialError('cancelled', address, `dialling ${address} was cancelled`, { cause: error });
  }
  const { code, why } = reasonOf(causes, signal.aborted || tookMs >= ADDRESS_DIAL_TIMEOUT_MS, address);
  return new DialError(code, address, `cannot reach ${address}: ${why}`, { cause: error });
}

function reasonOf(causes: readonly NodeJS.ErrnoException[], timedOut: boolean, address: string): Reason {
  for (const { code, name } of causes) {
    const reason = REASONS[code ?? ''] ?? REASONS[name];
    if (reason !== undefined) return reason;
  }
  // libp2p's own limits end in an AbortError, or in a failure of the handshake that does not name its cause.
  if (timedOut || causes.some(({ name }) => name === 'AbortError')) return TIMED_OUT;
  // The handshake checks the id that the address names, and tells a mismatch only as its own failure.
  const handshakeFailed = causes.some(({ name }) => name === 'EncryptionFailedError');
  return handshakeFailed && address.includes('/p2p/') ? WRONG_PEER : NO_NODE;
}

function flatten(error: unknown): NodeJS.ErrnoException[] {
  if (error instanceof AggregateError) return error.errors.flatMap(flatten);
  if (!(error instanceof Error)) return [];
  return error.cause === undefined ? [error] : [error, ...flatten(error.cause)];
}
