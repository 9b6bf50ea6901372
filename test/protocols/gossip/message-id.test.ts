import { describe, expect, it } from 'vitest';
import { messageId, messageIds, topics } from '../../../protocols/gossip/index.js';
import { announcement } from '../../hostile/attacker.js';
import { blockAt, payment } from './support.js';

const TOPICS = topics('515b81d5a2aeb7ed');
const PAYLOADS = {
  transactions: payment(1).bytes,
  blocks: blockAt(2).bytes,
  peers: announcement(),
};
const KINDS = ['transactions', 'blocks', 'peers'] as const;

describe('the id of a message', () => {
  const idOf = messageIds(TOPICS);

  it.each(KINDS)('among %s is that of its payload where it is one of them', (kind) => {
    const data = PAYLOADS[kind];
    expect(idOf({ topic: TOPICS[kind], data })).toEqual(messageId(data));
  });

  it.each(KINDS)('among others is another for one of the %s: it is no valid message there', (kind) => {
    const data = PAYLOADS[kind];
    const ids = KINDS.map((topic) => Buffer.from(idOf({ topic: TOPICS[topic], data })).toString('hex'));
    expect(new Set(ids).size).toBe(KINDS.length);
    expect(idOf({ topic: 'another', data })).not.toEqual(messageId(data));
  });

  it('is there for nothing, too', () => {
    expect(idOf({ topic: TOPICS.blocks, data: new Uint8Array(0) })).toHaveLength(32);
  });
});
