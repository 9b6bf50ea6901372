import { readFile } from 'node:fs/promises';
import { RPC } from '@chainsafe/libp2p-gossipsub/message';
import { describe, expect, it } from 'vitest';
import * as limits from '../../../protocols/gossip/constants.js';
import { messageId, topics } from '../../../protocols/gossip/index.js';
import { DEFAULT_NETWORK, networkId } from '../../../src/chain/network-spec.js';
import { decodeTransaction } from '../../../src/chain/transaction.js';

const text = await readFile(new URL('../../../protocols/gossip/README.md', import.meta.url), 'utf8');
const blocks = [...text.matchAll(/```text\n([^`]*)```/g)].map(([, content = '']) => content.trim());

describe('the specification', () => {
  it('holds an example that is true to the byte', () => {
    const [json = '', id, frame = ''] = blocks;
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

  it('names the limits that hold', () => {
    const row = (name: string) => text.split('\n').find((line) => line.split('|')[1]?.trim() === name) ?? '';
    const kib = 1024;
    const mib = 1024 * kib;
    expect(row('transaction message')).toContain(`${limits.MAX_TRANSACTION_MESSAGE_BYTES / kib} KiB`);
    expect(row('block message')).toContain(`${limits.MAX_BLOCK_MESSAGE_BYTES / mib} MiB`);
    expect(row('gossipsub frame (RPC)')).toContain(`${limits.MAX_RPC_BYTES / mib} MiB`);
    expect(row('subscriptions in a frame')).toContain(`${limits.MAX_RPC_SUBSCRIPTIONS}`);
    expect(row('peers that a PRUNE recommends')).toContain(`${limits.MAX_RPC_PEER_INFOS}`);
    expect(row('ids of messages remembered')).toContain(`${limits.SEEN_MS / 60_000} minutes`);
    expect(row('the score of a peer that left')).toContain(`${limits.SCORE_RETAINED_MS / 60_000} minutes`);
    expect(row('messages, ids of a control message')).toContain(limits.MAX_RPC_MESSAGES.toLocaleString('en'));
    expect(row('ids of an IDONTWANT')).toContain(`${limits.MAX_RPC_IDONTWANT_IDS}`);
    expect(row('control messages of a kind in a frame')).toContain(`${limits.MAX_RPC_CONTROL_MESSAGES}`);
    expect(row('in validation, of one peer')).toContain(`${limits.MAX_IN_FLIGHT_BYTES_PER_PEER / mib} MiB`);
    expect(row('in validation, of all')).toContain(`${limits.MAX_IN_FLIGHT_BYTES / mib} MiB`);
    expect(row('waiting to be sent to one peer')).toContain(`${limits.MAX_OUTBOUND_BYTES / mib} MiB`);
  });
});
