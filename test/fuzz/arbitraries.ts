/** Generators of what travels beside the ledger: keys, addresses, hashes. */
import { publicKeyFromRaw } from '@libp2p/crypto/keys';
import { peerIdFromPublicKey } from '@libp2p/peer-id';
import fc from 'fast-check';

export const anyKey = fc.uint8Array({ minLength: 32, maxLength: 32 });
export const anyPeerId = anyKey.map((raw) => peerIdFromPublicKey(publicKeyFromRaw(raw)).toString());

export const anyHex = (digits: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits });

const port = fc.integer({ min: 1, max: 65_535 });
const host = fc.oneof(
  fc.ipV4().map((ip) => `/ip4/${ip}`),
  fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => `/ip4/192.168.${a}.${b}`),
  fc.ipV6().map((ip) => `/ip6/${ip}`),
  fc.domain().map((name) => `/dns4/${name}`),
);
const ipHost = fc.ipV4().map((ip) => `/ip4/${ip}`);

/** Multiaddrs of TCP, without a peer id. */
export const anyAddress = fc.tuple(host, port).map(([at, tcp]) => `${at}/tcp/${tcp}`);
export const anyIpAddress = fc.tuple(ipHost, port).map(([at, tcp]) => `${at}/tcp/${tcp}`);
