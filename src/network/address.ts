import { getNetConfig } from '@libp2p/utils';
import { CODE_P2P, type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { isLinkLocal } from '../link-local.js';
import { quote } from '../quote.js';
import { MAX_ADDRESS_CHARACTERS } from './constants.js';
import { DialError, ListenError } from './errors.js';

/** The peer id an address ends in, if it names one. */
export function peerIdIn(address: Multiaddr): string | undefined {
  return address.getComponents().findLast(({ code }) => code === CODE_P2P)?.value;
}

/** An address without its peer id. */
export function withoutPeerId(address: Multiaddr): Multiaddr {
  return peerIdIn(address) === undefined ? address : address.decapsulateCode(CODE_P2P);
}

/** An address that names its peer; the one it named before, if it did. */
export function withPeerId(address: Multiaddr, peerId: string): Multiaddr {
  return peerIdIn(address) === undefined ? address.encapsulate(`/p2p/${peerId}`) : address;
}

/**
 * Reads an address to dial: TCP over an IP address or a host name, with or without the peer's id.
 *
 * @throws {DialError} `bad-address`
 */
export function parseDialAddress(text: string): Multiaddr {
  const address = parse(text);
  if (address !== undefined && tcpAddress(address) !== undefined) return address;
  throw new DialError(
    'bad-address',
    text,
    `${quote(text)} is not an address of a peer: write it like /ip4/192.168.1.20/tcp/4001`,
  );
}

/** An address to listen on. */
export interface ListenAddress {
  readonly host: string;
  /** 0 lets the system choose */
  readonly port: number;
}

/**
 * Reads an address to listen on: TCP over an IP address.
 *
 * @throws {ListenError} `bad-address`
 */
export function parseListenAddress(text: string): ListenAddress {
  const address = parse(text);
  const tcp = address === undefined || peerIdIn(address) !== undefined ? undefined : tcpAddress(address);
  if (tcp !== undefined && (tcp.type === 'ip4' || tcp.type === 'ip6')) {
    if (!isLinkLocal(tcp.host)) return { host: tcp.host, port: tcp.port };
    throw new ListenError(
      'bad-address',
      text,
      `cannot listen on ${text}: other hosts cannot name a link-local address; /ip6/::/tcp/${tcp.port} means all that this machine has`,
    );
  }
  throw new ListenError(
    'bad-address',
    text,
    `${quote(text)} is not an address to listen on: write it like /ip4/0.0.0.0/tcp/4001`,
  );
}

function parse(text: string): Multiaddr | undefined {
  if (text.length > MAX_ADDRESS_CHARACTERS) return undefined;
  try {
    const address = multiaddr(text);
    // Some characters are written as three.
    return `${address}`.length > MAX_ADDRESS_CHARACTERS ? undefined : address;
  } catch {
    return undefined; // what is wrong with it is no use to a reader; the caller says what would be right
  }
}

/** Host and port of a TCP address, with or without a peer id; undefined for any other. */
export function tcpAddress(address: Multiaddr): { type: string; host: string; port: number } | undefined {
  const parts = withoutPeerId(address).getComponents();
  if (parts.at(-1)?.name !== 'tcp' || parts.length > 3) return undefined;
  try {
    const { type, host, port, protocol } = getNetConfig(address);
    return protocol === 'tcp' && port !== undefined ? { type, host, port } : undefined;
  } catch {
    return undefined; // it does not begin with an IP address or a host name
  }
}

/**
 * Addresses that somebody on the LAN has said, without those that no node of ours has. An address is read when it is used:
 * one with a broken peer id in its middle throws only when it is compared.
 */
export function plausible(addresses: readonly Multiaddr[]): Multiaddr[] {
  return addresses.filter((address) => peerIdIn(address) === undefined && tcpAddress(address) !== undefined);
}
