import { describe, expect, it } from 'vitest';
import { eventLine } from '../../src/cli/event-line.js';

const AT = '2026-01-31T12:00:00.000Z';
const PEER = '12D3KooWSNSuP5kH2kYtLbfNtimD4yGqoCRR9Aae1k3tjXmk7hsb';

function line(name: string, data: string): string {
  return eventLine(name, data, false).slice('2026-01-31 12:00:00  '.length);
}

describe('an event as a line', () => {
  it.each([
    [
      'block',
      `{"block": {"index": 5, "transactions": [{}, {}]}, "hash": "${'ab'.repeat(32)}", "source": "gossip", "from": "${PEER}", "at": "${AT}"}`,
      'block        block 5  abababababab…  2 transactions  from …3tjXmk7hsb',
    ],
    [
      'block',
      `{"block": {"index": 5, "transactions": [{}]}, "hash": "aa", "source": "own", "from": null, "at": "${AT}"}`,
      'block        block 5  aa  1 transaction  mined here',
    ],
    [
      'transaction',
      `{"id": "aa", "transaction": {"sender": "a\\u001b", "recipient": "${PEER}", "amount": 5.0}, "from": null, "at": "${AT}"}`,
      'transaction  aa  a\\u{1b} → 12D3Ko…3tjXmk7hsb: 5.0  sent here',
    ],
    [
      'peer',
      `{"peer_id": "${PEER}", "name": "bo", "change": "connected", "at": "${AT}"}`,
      'peer         …3tjXmk7hsb (bo) connected',
    ],
    [
      'reorg',
      `{"fork": 3, "removed": 1, "added": 2, "new_head": {"length": 5, "hash": "aa"}, "from": "${PEER}", "at": "${AT}"}`,
      'reorg        chain replaced: 1 out, 2 in after block 3; block 5  aa  from …3tjXmk7hsb',
    ],
    ['mining', `{"state": "started", "index": 6, "at": "${AT}"}`, 'mining       started: block 6'],
    ['reset', '{"reason": "too-slow"}', 'reset        some events were missed (too-slow)'],
  ])('%s', (name, data, shown) => expect(line(name, data)).toBe(shown));

  it('shows what it does not know as it came, and survives what makes no sense', () => {
    expect(line('news', '{"a": 1}')).toBe('news         news {"a": 1}');
    for (const data of ['', 'null', '[]', '{"block": 3}']) expect(line('block', data)).toMatch(/^block/);
  });
});
