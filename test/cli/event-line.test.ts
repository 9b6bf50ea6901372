import { describe, expect, it } from 'vitest';
import { EventLines } from '../../src/cli/event-line.js';

const AT = '2026-01-31T12:00:00.000Z';
const PEER = '12D3KooWSNSuP5kH2kYtLbfNtimD4yGqoCRR9Aae1k3tjXmk7hsb';

/** Without its time. */
function lineOf(lines: EventLines, name: string, data: string): string {
  return lines.line(name, data).slice('2026-01-31 12:00:00  '.length);
}

function line(name: string, data: string): string {
  return lineOf(new EventLines(false), name, data);
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
      'peer         bo (…3tjXmk7hsb) joined',
    ],
    [
      'reorg',
      `{"fork": 3, "removed": 1, "added": 2, "new_head": {"length": 5, "hash": "aa"}, "from": "${PEER}", "at": "${AT}"}`,
      'reorg        a longer chain replaced ours after block 3: 1 block of ours out, 2 in; now block 5  aa  from …3tjXmk7hsb',
    ],
    ['mining', `{"state": "started", "index": 6, "at": "${AT}"}`, 'mining       started: block 6'],
    ['reset', '{"reason": "too-slow"}', 'reset        some events were missed (too-slow)'],
  ])('%s', (name, data, shown) => expect(line(name, data)).toBe(shown));

  /** The event of a block that was found at noon. */
  const found = (at: string, from = PEER, miner = PEER) =>
    `{"block": {"index": 5, "timestamp": 1769860800.0, "transactions": [{"recipient": "${miner}"}]}, "hash": "aa", "source": "gossip", "from": "${from}", "at": "${at}"}`;
  const OTHER = '12D3KooWLv43i8ZSMzGL4jUKHzBnJ95yhMPRAcsoQkrpqqD2QnTX';

  it.each([
    ['2026-01-31T12:00:00.012Z', 'from bo, 12 ms after it was found'],
    ['2026-01-31T12:00:01.500Z', 'from bo, 1.5 s after it was found'],
    ['2026-01-31T12:00:07.000Z', 'from bo, 7 s after it was found, or the clock of bo is behind ours'],
    ['2026-01-31T11:59:58.800Z', 'from bo, 1.2 s before it was found, so the clock of bo is ahead of ours'],
  ])(
    'of a block that arrives at %s says how long after it was found, or whose clock is wrong',
    (at, shown) => {
      const lines = new EventLines(false);
      lines.met(PEER, 'bo');
      expect(lineOf(lines, 'block', found(at))).toBe(`block        block 5  aa  1 transaction  ${shown}`);
    },
  );

  it('of a block that another found than passed it on names both', () => {
    const lines = new EventLines(false);
    lineOf(lines, 'peer', `{"peer_id": "${OTHER}", "name": "cy", "change": "connected", "at": "${AT}"}`);
    lines.met(PEER, 'bo');
    const shown = lineOf(lines, 'block', found('2026-01-31T12:00:00.012Z', PEER, OTHER));
    expect(shown).toMatch(/from bo, 12 ms after cy found it$/);
  });

  it('of a peer that leaves says its name once more', () => {
    const lines = new EventLines(false);
    lines.met(PEER, 'bo');
    const gone = `{"peer_id": "${PEER}", "name": "", "change": "disconnected", "at": "${AT}"}`;
    expect(lineOf(lines, 'peer', gone)).toBe('peer         bo (…3tjXmk7hsb) left');
  });

  describe('of a fork', () => {
    const fork = (length: number) =>
      `{"index": 5, "hash": "bb", "timestamp": 1769860800.0, "miner": "${PEER}", "fork": 4, "head": {"length": ${length}, "hash": "cc"}, "from": "${PEER}", "at": "2026-01-31T12:00:00.008Z"}`;
    const next = `{"block": {"index": 6, "transactions": [{}]}, "hash": "dd", "source": "own", "from": null, "at": "${AT}"}`;
    const reorg = `{"fork": 4, "removed": 1, "added": 2, "new_head": {"length": 6, "hash": "dd"}, "from": "${PEER}", "at": "${AT}"}`;

    it('says that it is a tie, and at the next block how it ended', () => {
      const lines = new EventLines(false);
      expect(lineOf(lines, 'fork', fork(5))).toBe(
        'fork         a second block 5  bb  from …3tjXmk7hsb, 8 ms after it was found: a tie with our cc, both chains are 5 long; the next block decides',
      );
      expect(lineOf(lines, 'block', next)).toMatch(/; this decides the tie: our block 5 stays$/);
      expect(lineOf(lines, 'block', next)).not.toContain('tie');
      lineOf(lines, 'fork', fork(5));
      expect(lineOf(lines, 'reorg', reorg)).toMatch(/; this decides the tie: our block 5 is out$/);
    });

    it('that is our own, found too late, is no tie: nobody else has it', () => {
      const lines = new EventLines(false);
      const own = fork(5).replace(`"from": "${PEER}"`, '"from": null');
      expect(lineOf(lines, 'fork', own)).toBe(
        'fork         a second block 5  bb  mined here too late: our cc had come, and stays',
      );
      expect(lineOf(lines, 'block', next)).not.toContain('tie');
    });

    it('that is behind our head says that it changes nothing', () => {
      expect(line('fork', fork(7))).toMatch(/: it follows our block 4; our chain is longer and stays$/);
    });
  });

  it('shows what it does not know as it came, and survives what makes no sense', () => {
    expect(line('news', '{"a": 1}')).toBe('news         news {"a": 1}');
    for (const data of ['', 'null', '[]', '{"block": 3}']) expect(line('block', data)).toMatch(/^block/);
  });

  it('names the peers met last, of very many', () => {
    const lines = new EventLines(false);
    for (let at = 0; at < 2_000; at++) lines.met(`${at}`, `name ${at}`);
    const left = (id: number) => lineOf(lines, 'peer', `{"peer_id": "${id}", "change": "disconnected"}`);
    expect(left(1_999)).toContain('name 1999');
    expect(left(1_200)).toContain('name 1200');
    expect(left(0)).not.toContain('name');
  });
});
