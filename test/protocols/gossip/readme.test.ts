import { readFile } from 'node:fs/promises';
import { RPC } from '@chainsafe/libp2p-gossipsub/message';
import { describe, expect, it } from 'vitest';
import * as limits from '../../../protocols/gossip/constants.js';
import { messageId, topics } from '../../../protocols/gossip/index.js';
import { DEFAULT_NETWORK, networkId } from '../../../src/chain/network-spec.js';
import { decodeTransaction } from '../../../src/chain/transaction.js';
import * as network from '../../../src/network/constants.js';
import * as node from '../../../src/node/constants.js';

const KIB = 1024;
const MIB = 1024 * KIB;

const text = await readFile(new URL('../../../protocols/gossip/README.md', import.meta.url), 'utf8');
const examples = [...text.matchAll(/```text\n([^`]*)```/g)].map(([, content = '']) => content.trim());

function bytes(count: number): string {
  return count < MIB ? `${count / KIB} KiB` : `${count / MIB} MiB`;
}

const count = (number: number) => number.toLocaleString('en');
const minutes = (ms: number) => `${ms / 60_000} minutes`;

function rate(perSecond: number, burst: number, written: (number: number) => string): string {
  return `${written(perSecond)} a second, ${written(burst)} at once`;
}

/** The rows of the table, and what must stand in them. */
const LIMITS = [
  ['transaction message', bytes(limits.MAX_TRANSACTION_MESSAGE_BYTES)],
  ['block message', bytes(limits.MAX_BLOCK_MESSAGE_BYTES)],
  ['peer message', bytes(limits.MAX_PEER_MESSAGE_BYTES)],
  ['peer messages from one peer', rate(network.ANNOUNCEMENTS_PER_SECOND, network.ANNOUNCEMENTS_BURST, count)],
  ['gossipsub frame (RPC)', bytes(limits.MAX_RPC_BYTES)],
  ['begun and not ended, of all peers', bytes(limits.MAX_UNFINISHED_BYTES)],
  ['subscriptions in a frame', count(limits.MAX_RPC_SUBSCRIPTIONS)],
  ['messages, ids of a control message', count(limits.MAX_RPC_MESSAGES)],
  ['ids of an IDONTWANT', count(limits.MAX_RPC_IDONTWANT_IDS)],
  ['control messages of a kind in a frame', count(limits.MAX_RPC_CONTROL_MESSAGES)],
  ['peers that a PRUNE recommends', count(limits.MAX_RPC_PEER_INFOS)],
  ['`control` in a frame', '1'],
  ['a message id', `${limits.MESSAGE_ID_BYTES} bytes`],
  ['`from`, `seqno`, `signature`, `key` of a message', 'none'],
  ['fields in a frame, at all depths', count(limits.MAX_RPC_FIELDS)],
  ['topics', 'those above'],
  ['read from one connection', rate(limits.BYTES_PER_SECOND, limits.BYTES_BURST, bytes)],
  ['of all connections together', rate(limits.TOTAL_BYTES_PER_SECOND, limits.TOTAL_BYTES_BURST, bytes)],
  [
    'frames, and what stands in them, of one connection',
    rate(limits.ITEMS_PER_SECOND, limits.ITEMS_BURST, count),
  ],
  ['of all connections together', rate(limits.TOTAL_ITEMS_PER_SECOND, limits.TOTAL_ITEMS_BURST, count)],
  ['of them in what arrives at once', count(limits.MAX_ITEMS_AT_ONCE)],
  // The bouncer's own test holds it to the fifth.
  ['messages rejected, of one peer', `5, one forgotten in ${node.FAULTS_FADE_MS / 5 / 1_000} s`],
  [
    'heads asked because of gossip, of one peer',
    rate(node.EXCHANGES_PER_SECOND, node.EXCHANGES_BURST, count),
  ],
  ['passed on', rate(limits.PASSED_ON_BYTES_PER_SECOND, limits.PASSED_ON_BYTES_BURST, bytes)],
  ['in validation, of one peer', bytes(limits.MAX_IN_FLIGHT_BYTES_PER_PEER)],
  ['in validation, of all', bytes(limits.MAX_IN_FLIGHT_BYTES)],
  [`messages of more than ${bytes(limits.LARGE_MESSAGE_BYTES)}`, 'one a turn of the event loop'],
  ['blocks of others', rate(node.GROWTH_BYTES_PER_SECOND, node.GROWTH_BURST_BYTES, bytes)],
  [
    'the same of a node without a data directory',
    rate(node.MEMORY_GROWTH_BYTES_PER_SECOND, node.MEMORY_GROWTH_BURST_BYTES, bytes),
  ],
  ['ids of messages remembered', minutes(limits.SEEN_MS)],
  ['the score of a peer that left', minutes(limits.SCORE_RETAINED_MS)],
  ['waiting to be sent to one peer', bytes(limits.MAX_OUTBOUND_BYTES)],
];

describe('the specification', () => {
  it('holds an example that is true to the byte', () => {
    const [json = '', id, frame = ''] = examples;
    const transaction = decodeTransaction(Buffer.from(json));
    expect(transaction.bytes).toHaveLength(97);
    expect(transaction.id).toBe(id);
    expect(Buffer.from(messageId(transaction.bytes)).toString('hex')).toBe(id);
    const topic = topics(networkId(DEFAULT_NETWORK)).transactions;
    const bytes = Buffer.from(
      RPC.encode({ subscriptions: [], messages: [{ data: transaction.bytes, topic }] }),
    );
    expect(bytes).toHaveLength(146);
    expect(bytes.toString('hex')).toBe(frame.replaceAll('\n', ''));
  });

  it('names the limits that hold, and no others', () => {
    const [, limitsSection = ''] = text.split('\n## Limits\n\n');
    const [table = ''] = limitsSection.split('\n\n');
    const cells = table.split('\n').map((row) => row.split('|').map((cell) => cell.trim()));
    expect(cells.slice(2).map(([, name, value]) => [name, value])).toEqual(LIMITS);
  });
});
