/** Codes of invitations: what was written is read again, and any damage is told. */
import { bech32m } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Block,
  createNetwork,
  DEFAULT_NETWORK,
  type NetworkSpec,
  networkId,
  rewardFor,
  sha256,
  Transaction,
} from '../../src/chain/index.js';
import {
  InvitationError,
  looksLikeInvitation,
  MAX_CODE_CHARACTERS,
  MAX_INVITED_ADDRESSES,
  readInvitation,
  writeInvitation,
} from '../../src/node/invitation.js';

const PEER = '12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN';
const OTHER = '12D3KooWNvSZnPi3RrhrTwEY4LuuBeB6K6facKUCJcyWG1aoDd2p';
const ADDRESS = '/ip4/192.168.1.20/tcp/4001';

const genesisAt = (timestamp: number, transactions: Transaction[] = []) =>
  new Block({ index: 1, timestamp, transactions, proof: 100, previous_hash: '1' });

const network = fc
  .record(
    {
      name: fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
        .filter((name) => [...name].length <= 64 && !/\p{Cc}/u.test(name)),
      difficulty: fc.integer({ min: 0, max: 16 }),
      genesis: fc.double({ min: 0, max: 4e9, noNaN: true }).map((timestamp) => genesisAt(timestamp)),
    },
    { requiredKeys: [] },
  )
  .map((fields) => createNetwork(fields as Parameters<typeof createNetwork>[0]));
const address = fc.oneof(
  fc.tuple(fc.ipV4(), fc.integer({ min: 1, max: 65_535 })).map(([host, port]) => `/ip4/${host}/tcp/${port}`),
  fc.integer({ min: 1, max: 65_535 }).map((port) => `/ip6/fd12:3456:789a::${port.toString(16)}/tcp/${port}`),
);
const invitation = fc.record({
  network,
  peerId: fc.constantFrom(PEER, OTHER),
  addresses: fc.uniqueArray(
    address.filter((text) => !/^\/ip4\/127\./.test(text)),
    { minLength: 1, maxLength: MAX_INVITED_ADDRESSES },
  ),
});

/** What reading a text throws, if it throws what it may. */
function refusal(text: string): InvitationError | undefined {
  try {
    readInvitation(text);
    return undefined;
  } catch (error) {
    if (error instanceof InvitationError) return error;
    throw error;
  }
}

const write = (spec: NetworkSpec = DEFAULT_NETWORK, addresses: readonly string[] = [ADDRESS]) =>
  writeInvitation({ network: spec, peerId: PEER, addresses });

describe('the code of an invitation', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(invitation, ({ network, peerId, addresses }) => {
        const code = writeInvitation({ network, peerId, addresses });
        const read = readInvitation(code);
        expect(read.networkId).toBe(networkId(network));
        expect(networkId(read.network)).toBe(networkId(network));
        expect(read.network.genesis.hash).toBe(network.genesis.hash);
        expect(read.peerId).toBe(peerId);
        expect(read.addresses).toHaveLength(addresses.length);
        expect(writeInvitation(read)).toBe(code);
        expect(code.length).toBeLessThanOrEqual(MAX_CODE_CHARACTERS);
      }),
    );
  });

  it('is the same in capitals, in groups, with blanks and line ends in it', () => {
    const code = write(createNetwork({ name: 'room 7', difficulty: 3 }));
    const said = readInvitation(code);
    const groups = code.match(/.{1,5}/g) ?? [];
    for (const text of [code.toUpperCase(), groups.join('-'), `  ${groups.join(' ')}\n`, groups.join('\r\n')])
      expect(readInvitation(text)).toEqual(said);
  });

  it('is short: 91 characters for the default network and one address, and none that look alike', () => {
    expect(write()).toHaveLength(91);
    expect(write().slice(3)).toMatch(/^[^1bio]+$/);
    // A tutorial's first block with another time costs some fifty characters, not the two hundred of its JSON.
    expect(write(createNetwork({ genesis: genesisAt(1_700_000_000.123456) })).length).toBeLessThan(145);
  });

  it('tells every mistyped character', () => {
    const code = write(createNetwork({ difficulty: 2 }));
    for (let at = 3; at < code.length; at++) {
      for (const other of 'qpzry9x8gf2tvdw0s3jn54khce6mua7l1bio') {
        if (other === code[at]) continue;
        const damaged = code.slice(0, at) + other + code.slice(at + 1);
        expect(refusal(damaged)?.code, damaged).toBe('damaged');
      }
    }
  });

  it('tells what was left out, said twice, or swapped', () => {
    const code = write();
    for (let at = 3; at < code.length; at++) {
      expect(refusal(code.slice(0, at) + code.slice(at + 1))?.code).toBe('damaged');
      expect(refusal(code.slice(0, at + 1) + code.slice(at))?.code).toBe('damaged');
      expect(refusal(code.slice(0, at))?.code).toBe('damaged');
      if (code[at] === code[at + 1] || at + 1 === code.length) continue;
      const swapped = code.slice(0, at) + code[at + 1] + code[at] + code.slice(at + 2);
      expect(refusal(swapped)?.code).toBe('damaged');
    }
  });

  it('is refused in one line whatever the text, and never by another error', () => {
    const pieces = fc
      .array(fc.constantFrom(...'gc1qpzry9x8 -\n/:.é'), { maxLength: 200 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), pieces), (text) => {
        expect(refusal(text)?.message).toMatch(/^[^\n]+$/);
      }),
    );
  });

  it('is refused where its checksum holds and its bytes do not, never by another error', () => {
    const spec = createNetwork({ name: 'x', difficulty: 1, genesis: genesisAt(7) });
    const good = bech32m.fromWords(bech32m.decode(write(spec), false).words);
    const code = (bytes: Uint8Array) => bech32m.encode('gc', bech32m.toWords(bytes), false);
    expect(refusal(code(good))).toBeUndefined();
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Uint8Array.from(good);
        (bytes[at] as number) ^= flip;
        const error = refusal(code(bytes));
        if (error !== undefined) expect(['damaged', 'too-new']).toContain(error.code);
        // Another key or address is as good as any, and deflate has bits without a meaning: the network is never another.
        else expect(networkId(readInvitation(code(bytes)).network)).toBe(networkId(spec));
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(refusal(code(bytes))).toBeDefined();
      }),
    );
    expect(refusal(code(Uint8Array.of(2, 3, 4)))?.code).toBe('too-new');
  });

  it('is refused where its first block is none that a chain may begin with', () => {
    const spec = { ...DEFAULT_NETWORK, genesis: genesisAt(7, [rewardFor('miner')]) };
    expect(refusal(write(spec))).toMatchObject({ code: 'damaged', cause: { code: 'bad-genesis' } });
  });

  it('has addresses that lead to this node alone only where there are no others, and no more than a few', () => {
    const loop = '/ip4/127.0.0.1/tcp/4001';
    expect(readInvitation(write(undefined, [loop, ADDRESS])).addresses).toEqual([`${ADDRESS}/p2p/${PEER}`]);
    expect(readInvitation(write(undefined, [loop])).addresses).toEqual([`${loop}/p2p/${PEER}`]);
    const many = Array.from({ length: 20 }, (_, i) => `/ip4/10.0.0.${i}/tcp/1/p2p/${PEER}`);
    expect(readInvitation(write(undefined, many)).addresses).toEqual(many.slice(0, MAX_INVITED_ADDRESSES));
  });

  it('is not made where nobody could use it', () => {
    expect(() => write(undefined, [])).toThrow(
      /^this node cannot invite: it listens for peers on no address/,
    );
    const many = Array.from(
      { length: 30 },
      (_, i) => new Transaction('a', 'b', 5, sha256(`${i}`).slice(0, 32)),
    );
    const large = genesisAt(1, many);
    expect(() => write(createNetwork({ genesis: large }))).toThrow(/first block is too large for a code/);
  });

  it('is told from other ways to name a node', () => {
    for (const code of [write(), write().toUpperCase(), 'gc1qqq', ' gc1-qq '])
      expect(looksLikeInvitation(code)).toBe(true);
    for (const text of ['gc1.local:5000', 'gc1:5000', 'http://gc1q/', '/ip4/1.2.3.4/tcp/1', 'gc', ''])
      expect(looksLikeInvitation(text)).toBe(false);
  });
});
