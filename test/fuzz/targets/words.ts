/** What people copy, type and dictate: invitations, addresses, values of options. */
import { multiaddr } from '@multiformats/multiaddr';
import { bech32m } from '@scure/base';
import { InvalidArgumentError } from 'commander';
import fc from 'fast-check';
import { Block, createNetwork, InvalidNetwork, MAX_NETWORK_NAME } from '../../../src/chain/index.js';
import * as option from '../../../src/cli/option-values.js';
import { readNodes } from '../../../src/control/introduction/node-address.js';
import { Problem } from '../../../src/control/problem.js';
import { parseDialAddress, parseListenAddress } from '../../../src/network/address.js';
import { DialError, ListenError } from '../../../src/network/errors.js';
import {
  InvitationError,
  MAX_CODE_CHARACTERS,
  readInvitation,
  writeInvitation,
} from '../../../src/node/invitation.js';
import { anyAddress, anyHex, anyIpAddress, anyPeerId } from '../arbitraries.js';
import { bytesOf, readerOf, type Target, textOf } from '../target.js';

const anyGenesis = fc
  .record({ timestamp: fc.nat(), proof: fc.maxSafeNat(), previous_hash: fc.constantFrom('1', 1, '') })
  .map((fields) => new Block({ ...fields, index: 1, transactions: [] }));
const anyName = fc
  .string({ minLength: 1, maxLength: MAX_NETWORK_NAME })
  .filter((name) => !/\p{Cc}/u.test(name));
const anyCode = fc
  .record({
    network: fc
      .record({ name: anyName, difficulty: fc.nat(16), genesis: anyGenesis })
      .map((fields) => createNetwork(fields)),
    peerId: anyPeerId,
    addresses: fc.array(anyAddress, { minLength: 1, maxLength: 6 }),
  })
  .map(writeInvitation);

/** Its peer id is given with each address: what is written has it once. */
const rewritten = (code: string) => bytesOf(writeInvitation(readInvitation(code)));

export const invitationTarget: Target = {
  name: 'invitation',
  valid: anyCode.map(bytesOf),
  open: () => readerOf([InvitationError], (input) => rewritten(textOf(input))),
};

/** What stands behind the checksum, which no random change gets past. */
export const invitationBytesTarget: Target = {
  name: 'invitation-bytes',
  valid: anyCode.map((code) => bech32m.fromWords(bech32m.decode(code as `gc1${string}`, false).words)),
  open: () =>
    readerOf([InvitationError], (input) => {
      const code = bech32m.encode('gc', bech32m.toWords(input.subarray(0, MAX_CODE_CHARACTERS)), false);
      return bech32m.fromWords(bech32m.decode(textOf(rewritten(code)) as `gc1${string}`, false).words);
    }),
};

export const addressTarget: Target = {
  name: 'multiaddr',
  valid: fc
    .tuple(anyAddress, fc.option(anyPeerId, { nil: undefined }))
    .map(([address, peerId]) => bytesOf(peerId === undefined ? address : `${address}/p2p/${peerId}`)),
  open: () => readerOf([DialError], (input) => bytesOf(parseDialAddress(textOf(input)).toString())),
};

export const listenAddressTarget: Target = {
  name: 'listen-address',
  valid: anyIpAddress.map(bytesOf),
  open: () =>
    readerOf([ListenError], (input) => {
      const { host, port } = parseListenAddress(textOf(input));
      return bytesOf(multiaddr(`/${host.includes(':') ? 'ip6' : 'ip4'}/${host}/tcp/${port}`).toString());
    }),
};

/** Each option with its reader, as `difficulty=4`. */
const OPTIONS: Record<string, (text: string) => unknown> = {
  port: option.port,
  'port-to-bind': option.portToBind,
  difficulty: option.difficulty,
  count: option.count,
  seconds: option.seconds,
  hash: option.hash,
  nonce: option.nonce,
  range: (text) => {
    const range = option.difficultyRange(text);
    return `${range[0]}..${range.at(-1)}`;
  },
  url: option.controlUrl,
  network: (name) => createNetwork({ name }).name,
};

export const optionTarget: Target = {
  name: 'option-value',
  valid: fc
    .oneof(
      fc.tuple(fc.constantFrom('port', 'port-to-bind', 'count'), fc.integer({ min: 1, max: 65_535 })),
      fc.tuple(fc.constant('difficulty'), fc.nat(16)),
      fc.tuple(
        fc.constant('seconds'),
        // Tenths, up to a day.
        fc.integer({ min: 1, max: 864_000 }).map((n) => n / 10),
      ),
      fc.tuple(fc.constant('hash'), anyHex(64)),
      fc.tuple(fc.constant('nonce'), anyHex(32)),
      fc.tuple(fc.constant('range'), fc.integer({ min: 1, max: 6 })),
      fc.tuple(fc.constant('url'), fc.webUrl({ validSchemes: ['http', 'https'] })),
      fc.tuple(fc.constant('network'), anyName),
    )
    .map(([name, value]) => bytesOf(`${name}=${value}`)),
  open: () =>
    readerOf([InvalidArgumentError, InvalidNetwork, NoOption], (input) => {
      const [, name = '', text = ''] = /^([a-z-]*)=?(.*)$/s.exec(textOf(input)) ?? [];
      if (!Object.hasOwn(OPTIONS, name)) throw new NoOption();
      return bytesOf(`${name}=${OPTIONS[name]?.(text)}`);
    }),
};

class NoOption extends Error {
  readonly code = 'no-option';

  constructor() {
    super('no option of that name');
  }
}

export const nodeListTarget: Target = {
  name: 'node-list',
  valid: fc
    .array(
      fc.oneof(
        anyAddress,
        fc.webAuthority({ withPort: true }).filter((host) => /:\d+$/.test(host)),
        anyCode,
      ),
      {
        minLength: 1,
        maxLength: 5,
      },
    )
    .map((nodes) => bytesOf(nodes.join('\n'))),
  open: () =>
    readerOf([Problem], (input) => {
      const nodes = readNodes({ nodes: textOf(input).split('\n') });
      return bytesOf(nodes.map(({ text }) => text).join('\n'));
    }),
};
