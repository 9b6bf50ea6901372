/**
 * An invitation: all that a node elsewhere on the LAN needs to join, as a code to copy, scan or dictate.
 *
 * The text is bech32m (BIP 350), a base32 without 1, b, i and o behind the mark `gc1`, whose checksum tells a mistyped
 * or missing character. Its bytes:
 *
 *     version      1 byte, 1
 *     network id   8 bytes: what is below must hash to it
 *     parts        1 byte: which of the three that follow are there; what is not is the default network's
 *     name         length (2 bytes, big-endian), UTF-8
 *     difficulty   1 byte
 *     genesis      length (2 bytes, big-endian), the block's canonical JSON, deflated (RFC 1951) with that of the
 *                  default genesis as the dictionary: a first block of the tutorial's, with a time of its own, takes
 *                  some 30 bytes
 *     key          32 bytes: the inviting node's Ed25519 public key, which is its peer id
 *     addresses    of each its length (1 byte) and the multiaddr without the peer id, to the end
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { publicKeyFromRaw } from '@libp2p/crypto/keys';
import { peerIdFromPublicKey, peerIdFromString } from '@libp2p/peer-id';
import { CODE_P2P, type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { bech32m } from '@scure/base';
import {
  type Block,
  createNetwork,
  DEFAULT_NETWORK,
  decodeBlock,
  type NetworkSpec,
  networkId,
} from '../chain/index.js';
import { parseDialAddress } from '../network/index.js';
import { quote } from '../quote.js';

/** What stands before the 1 that ends bech32's mark. */
const MARK = 'gc';
const VERSION = 1;
const NETWORK_ID_BYTES = 8;
const KEY_BYTES = 32;

const HAS_NAME = 1;
const HAS_DIFFICULTY = 2;
const HAS_GENESIS = 4;
const ALL_PARTS = HAS_NAME | HAS_DIFFICULTY | HAS_GENESIS;

/** Addresses in a code: a laptop with a few virtual networks has as many, and each makes the code 15 characters longer. */
export const MAX_INVITED_ADDRESSES = 6;
/** A first block beyond this, deflated and in bytes, makes a code nobody can scan: it travels as a file. */
export const MAX_INVITED_GENESIS_BYTES = 512;
/** And of what it may inflate to, in bytes: no more than canonical JSON of that kind has. */
const MAX_GENESIS_JSON_BYTES = 64 << 10;
/** The longest code, in characters: 1,024 bytes in base32 are fewer. */
export const MAX_CODE_CHARACTERS = 2_048;

const DICTIONARY = DEFAULT_NETWORK.genesis.bytes;

/** What a code says. */
export interface Invitation {
  /** The ledger to keep. */
  readonly network: NetworkSpec;
  readonly networkId: string;
  /** Who invites. */
  readonly peerId: string;
  /** Multiaddrs, with peer id. */
  readonly addresses: readonly string[];
}

export type InvitationErrorCode =
  /** Not the text of a code at all. */
  | 'no-invitation'
  /** A character is wrong or missing. */
  | 'damaged'
  /** Made by a later version of this program. */
  | 'too-new'
  /** It is for another network than the node's. */
  | 'wrong-network'
  /** Nobody answers at its addresses any more, or another peer does. */
  | 'stale'
  /** This node made it. */
  | 'own-invitation'
  /** This node cannot invite: it has no address, or a first block too large for a code. */
  | 'cannot-invite';

/** A code that cannot be read, used or made; the message is one line and says what to do. */
export class InvitationError extends Error {
  override readonly name = 'InvitationError';

  constructor(
    readonly code: InvitationErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Whether a text is meant as a code, however damaged. */
export function looksLikeInvitation(text: string): boolean {
  return /^gc1[^.:/]*$/i.test(normalised(text));
}

/**
 * Makes the code of a node.
 *
 * @param addresses multiaddrs of the node, with or without its peer id
 * @throws {InvitationError} `cannot-invite`
 */
export function writeInvitation({ network, peerId, addresses }: Omit<Invitation, 'networkId'>): string {
  const invited = invitedAddresses(addresses);
  if (invited.length === 0) {
    throw cannotInvite('it listens for peers on no address: start it with --listen /ip4/0.0.0.0/tcp/0');
  }
  const { name, difficulty, genesis } = network;
  const hasName = name !== DEFAULT_NETWORK.name;
  const hasDifficulty = difficulty !== DEFAULT_NETWORK.difficulty;
  const hasGenesis = genesis.hash !== DEFAULT_NETWORK.genesis.hash;
  const parts =
    (hasName ? HAS_NAME : 0) | (hasDifficulty ? HAS_DIFFICULTY : 0) | (hasGenesis ? HAS_GENESIS : 0);
  const bytes = Buffer.concat([
    Buffer.of(VERSION),
    Buffer.from(networkId(network), 'hex'),
    Buffer.of(parts),
    ...(hasName ? lengthAndBytes(Buffer.from(name)) : []),
    ...(hasDifficulty ? [Buffer.of(difficulty)] : []),
    ...(hasGenesis ? lengthAndBytes(deflated(genesis)) : []),
    keyOf(peerId),
    ...invited.flatMap(({ bytes }) => [Buffer.of(bytes.length), bytes]),
  ]);
  return bech32m.encode(MARK, bech32m.toWords(bytes), false);
}

/**
 * Reads a code, in capitals or not, in groups with blanks or hyphens between them or not.
 *
 * @throws {InvitationError} `no-invitation`, `damaged`, `too-new`, and nothing else, whatever the text
 */
export function readInvitation(text: string): Invitation {
  const code = normalised(text);
  if (!looksLikeInvitation(code)) {
    throw new InvitationError(
      'no-invitation',
      `${quote(text, 40)} is no invitation: a code begins with gc1; get one by "gossipchain invite" on a node of the network`,
    );
  }
  if (code.length > MAX_CODE_CHARACTERS) throw damaged();
  const words = bech32m.decodeUnsafe(code, false)?.words;
  const bytes = words && bech32m.fromWordsUnsafe(words);
  if (!bytes) throw damaged();
  return readBytes(new Reader(bytes));
}

function readBytes(reader: Reader): Invitation {
  const version = reader.byte();
  if (version === 0) throw damaged();
  if (version !== VERSION) throw tooNew();
  const id = Buffer.from(reader.take(NETWORK_ID_BYTES)).toString('hex');
  const parts = reader.byte();
  if ((parts & ~ALL_PARTS) !== 0) throw damaged();
  const network = orDamaged(() =>
    createNetwork({
      ...(parts & HAS_NAME ? { name: new TextDecoder('utf-8', { fatal: true }).decode(reader.sized()) } : {}),
      ...(parts & HAS_DIFFICULTY ? { difficulty: reader.byte() } : {}),
      ...(parts & HAS_GENESIS ? { genesis: inflated(reader.sized()) } : {}),
    }),
  );
  if (networkId(network) !== id) throw damaged();
  const key = reader.take(KEY_BYTES);
  const peerId = orDamaged(() => peerIdFromPublicKey(publicKeyFromRaw(key)).toString());
  const addresses: string[] = [];
  while (!reader.atEnd) {
    const bytes = reader.take(reader.byte());
    addresses.push(orDamaged(() => parseDialAddress(`${multiaddr(bytes)}/p2p/${peerId}`).toString()));
  }
  if (addresses.length === 0 || addresses.length > MAX_INVITED_ADDRESSES) throw damaged();
  return { network, networkId: id, peerId, addresses };
}

/** Takes bytes from the front; beyond the end there is damage. */
class Reader {
  #at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get atEnd(): boolean {
    return this.#at === this.bytes.length;
  }

  byte(): number {
    return this.take(1)[0] as number;
  }

  take(count: number): Uint8Array {
    if (this.#at + count > this.bytes.length) throw damaged();
    this.#at += count;
    return this.bytes.subarray(this.#at - count, this.#at);
  }

  sized(): Uint8Array {
    return this.take(this.byte() * 256 + this.byte());
  }
}

/** Loopback's are for this machine alone: they are given where there are no others. Those with a zone, nowhere else. */
function invitedAddresses(addresses: readonly string[]): Multiaddr[] {
  const all = addresses.map((address) => multiaddr(address).decapsulateCode(CODE_P2P));
  const away = all.filter(
    (address) => !/^\/ip4\/127\.|^\/ip6\/::1\/|^\/ip6zone\/|^\/ip6\/fe[89ab]/.test(`${address}`),
  );
  return (away.length > 0 ? away : all).slice(0, MAX_INVITED_ADDRESSES);
}

/** Our keys are all Ed25519, whose peer ids hold the whole key. */
function keyOf(peerId: string): Uint8Array {
  const key = peerIdFromString(peerId).publicKey;
  if (key?.type !== 'Ed25519') throw cannotInvite('its key is not an Ed25519 one');
  return key.raw;
}

function deflated(genesis: Block): Buffer {
  const bytes = deflateRawSync(genesis.bytes, { level: 9, dictionary: DICTIONARY });
  if (bytes.length <= MAX_INVITED_GENESIS_BYTES) return bytes;
  throw cannotInvite(
    "its network's first block is too large for a code: give the others the file, for --genesis, and an address, for --peer",
  );
}

function inflated(bytes: Uint8Array): Block {
  const options = { dictionary: DICTIONARY, maxOutputLength: MAX_GENESIS_JSON_BYTES };
  return decodeBlock(inflateRawSync(bytes, options));
}

function lengthAndBytes(bytes: Buffer): Buffer[] {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return [length, bytes];
}

function normalised(text: string): string {
  return text.replace(/[\s-]+/g, '').toLowerCase();
}

/** Whatever is wrong with bytes whose checksum holds, its reader can do no more than ask for another code. */
function orDamaged<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw damaged(error);
  }
}

function damaged(cause?: unknown): InvitationError {
  return new InvitationError(
    'damaged',
    'the invitation is damaged, a character of it is wrong or missing: copy it again, whole',
    { cause },
  );
}

function tooNew(): InvitationError {
  return new InvitationError(
    'too-new',
    'the invitation was made by a later version of gossipchain: update this one to use it',
  );
}

function cannotInvite(why: string): InvitationError {
  return new InvitationError('cannot-invite', `this node cannot invite: ${why}`);
}
