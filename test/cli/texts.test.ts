import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/chain/index.js';
import type { PeerAnswer, PendingAnswer, StatusAnswer } from '../../src/cli/answers.js';
import { reportText } from '../../src/cli/commands/bench.js';
import { pageText, rowOf } from '../../src/cli/commands/chain.js';
import { peersText } from '../../src/cli/commands/peers.js';
import { pendingText } from '../../src/cli/commands/pending.js';
import { statusText } from '../../src/cli/commands/status.js';
import { formatTimestamp } from '../../src/cli/format.js';
import { facts, table, tablePage } from '../../src/cli/table.js';
import { nextBlock, testNetwork } from '../helpers/chains.js';

const STATUS: StatusAnswer = {
  version: '0.1.0',
  name: 'mo\u001b[2Jna',
  network: 'gossipchain',
  network_id: '515b81d5a2aeb7ed',
  peer_id: '12D3KooWSNSuP5kH2kYtLbfNtimD4yGqoCRR9Aae1k3tjXmk7hsb',
  addresses: ['/ip4/192.168.1.20/tcp/4001', '/ip4/10.0.0.1/tcp/4001'],
  length: 12345,
  head: 'ab'.repeat(32),
  difficulty: 4,
  peers: 3,
  pending: 1,
  mining: null,
  tied_heads: [],
};

describe('tables', () => {
  const columns = [{ title: 'name' }, { title: 'blocks', align: 'right' }] as const;

  it('are aligned columns in a pipe, without colours', () => {
    const text = table(
      columns,
      [
        ['a', '1'],
        ['long', '12345678'],
      ],
      undefined,
    );
    expect(text).toBe('name    blocks\na            1\nlong  12345678');
  });

  it('are lined at a terminal', () => {
    expect(table(columns, [['a', '1']], 80).split('\n')).toHaveLength(2);
    expect(table(columns, [['a', '1']], 80)).toContain('│');
  });

  it('fit together page by page', () => {
    const fixed = [
      { title: 'a', width: 5 },
      { title: 'b', width: 3, align: 'right' },
    ] as const;
    const pages = [
      tablePage(fixed, [['x', '1']], true, undefined),
      tablePage(fixed, [['y', '22']], false, undefined),
    ];
    expect(pages.join('\n')).toBe('a        b\nx        1\ny       22');
  });

  it('of facts stand below one another', () => {
    expect(
      facts(
        [
          ['a', '1'],
          ['long', '2'],
        ],
        false,
      ),
    ).toBe('a     1\nlong  2');
  });
});

describe('the answers of a node, for a person', () => {
  it('status: counts are grouped, and foreign names made safe', () => {
    const text = statusText(STATUS, 'http://127.0.0.1:5000/', false);
    expect(text).toContain('chain      12,345 blocks');
    expect(text).toContain('pending    1 transaction\n');
    expect(text).toContain('mo\\u{1b}[2Jna');
    expect(text).toContain('           /ip4/10.0.0.1/tcp/4001');
  });

  it('status: says how the search goes, and names a tie', () => {
    const since = new Date(Date.now() - 2000).toISOString();
    const mining = { index: 12346, tried: 1234567, rate: 617283.5, since };
    const text = statusText({ ...STATUS, mining, tied_heads: ['cd'.repeat(32)] }, '', false);
    expect(text).toMatch(/mining {5}block 12346: 1,234,567 tries in 2(\.\d)? s, 617,000 a second/);
    expect(text).toMatch(/tied with {2}(cd){32}/);
  });

  it('peers: what is not known yet is left out', () => {
    const peer: PeerAnswer = {
      peer_id: STATUS.peer_id,
      name: 'bo',
      addresses: [`/ip4/10.0.0.2/tcp/1/p2p/${STATUS.peer_id}`],
      direction: 'outbound',
      connected_at: '2026-01-31T12:00:00Z',
      rtt_ms: 1.25,
      length: null,
      head: null,
    };
    const [, row] = peersText([peer], undefined).split('\n');
    expect(row).toMatch(
      /^bo +12D3\S+ +\/ip4\/10\.0\.0\.2\/tcp\/1 +outbound +2026-01-31 \d\d:\d\d:\d\d +1\.3 ms$/,
    );
    expect(peersText([], undefined)).toContain('No peers yet');
  });

  it('pending: amounts are as they were written', () => {
    const entries = parseJson(
      '[{"id": "aa", "transaction": {"sender": "a", "recipient": "b", "amount": 5.0}, "received_at": "2026-01-31T12:00:00Z", "from": null}, {"id": "bb", "transaction": {"sender": "a", "recipient": "b", "amount": 123456789012345678901234567890}, "received_at": "2026-01-31T12:00:00Z", "from": "peer"}]',
    ) as never;
    const text = pendingText(entries, undefined);
    expect(text).toMatch(/ 5\.0 .*this node$/m);
    expect(text).toContain(' 123456789012345678901234567890 ');
  });

  it('bench: the search beside its baselines, and what each zero more costs', () => {
    const rates = { oneThread: 2e6, allThreads: 4e6, createHash: 5e5, cryptoHash: 1e6, python: 250_000 };
    const cost = {
      difficulty: 4,
      expectedTries: 65536,
      expectedSeconds: 0.016,
      found: 0,
      meanTries: null,
      meanSeconds: null,
    };
    const text = reportText({ threads: 2, repetitions: 5, rates, costs: [cost] }, undefined);
    expect(text).toMatch(/this program, all threads +2 +4\.00 million +16\.0 ×/);
    expect(text).toMatch(/the tutorial's loop in Python +1 +250,000 +1\.0 ×/);
    expect(text).toMatch(/^ +4 +65,536 +16 ms +0$/m);
    const noPython = { threads: 2, repetitions: 5, rates: { ...rates, python: null }, costs: [] };
    expect(reportText(noPython, undefined)).toContain('Python was not found');
  });
});

describe('a table at a terminal that is too narrow for all of it', () => {
  const linesOf = (text: string) => stripVTControlCharacters(text).split('\n');
  const titlesOf = (text: string) =>
    linesOf(text)[0]
      ?.split('│')
      .map((title) => title.trim());
  /** Wide characters take two places. */
  const placesOf = (line: string) => line.length + (line.match(/\p{Script=Han}/gu)?.length ?? 0);
  const longest = (text: string) => Math.max(...linesOf(text).map(placesOf));

  const time = '2026-01-31T12:00:00Z';
  const peer: PeerAnswer = {
    peer_id: STATUS.peer_id,
    name: 'the-laptop-of-the-teacher.local',
    addresses: [`/ip4/192.168.100.200/tcp/40001/p2p/${STATUS.peer_id}`],
    direction: 'outbound',
    connected_at: time,
    rtt_ms: 123,
    length: 100_000,
    head: 'ab'.repeat(32),
  };

  describe('chain', () => {
    const block = nextBlock(testNetwork().genesis, { miner: STATUS.peer_id });
    const page = (room: number | undefined, isFirst = true) =>
      pageText([rowOf(block, room !== undefined)], isFirst, room);

    it('has shorter hashes, proofs and titles, and all columns', () => {
      expect(longest(page(80))).toBe(80);
      expect(titlesOf(page(80))).toEqual(['index', 'time', 'hash', 'proof', 'txs', 'mined by']);
      expect(page(80)).toContain(`${block.hash.slice(0, 8)}`);
      expect(page(80)).toContain('…3tjXmk7hsb');
      expect(page(80)).toContain(formatTimestamp(block.timestamp));
    });

    it('has columns of the same width on every page', () => {
      const [first, second] = [linesOf(page(80))[1], linesOf(page(80, false))[0]];
      expect(second).toBe(first);
    });

    it('is whole where there is room', () => {
      for (const room of [93, 200, Number.POSITIVE_INFINITY]) {
        expect(longest(page(room))).toBe(93);
        expect(page(room)).toContain(`${block.hash.slice(0, 12)}…`);
      }
      expect(page(undefined)).toContain(block.hash);
      expect(page(undefined)).toContain('transactions');
    });
  });

  it('peers: the least important columns are left out', () => {
    const text = peersText([peer], 80);
    expect(longest(text)).toBeLessThanOrEqual(80);
    expect(titlesOf(text)).toEqual(['name', 'address', 'rtt', 'blocks', 'head']);
    expect(text).toContain('/ip4/192.168.100.200/tcp/40001');
    expect(text).toContain('the-laptop-of…');
    const wide = peersText([{ ...peer, name: 'bo' }], 130);
    expect(longest(wide)).toBeLessThanOrEqual(130);
    expect(titlesOf(wide)).toHaveLength(8);
  });

  it('peers: a name in wide characters takes the room that it takes', () => {
    const text = peersText([{ ...peer, name: '小明的电脑' }], 80);
    expect(text).toContain('小明的电脑');
    expect(longest(text)).toBeLessThanOrEqual(80);
  });

  it('pending: how a transaction came is left out before when', () => {
    const [sender, recipient] = [STATUS.peer_id, 'christopher-robin'];
    const entry = {
      id: 'cd'.repeat(32),
      transaction: { sender, recipient, amount: 5 },
      received_at: time,
      from: STATUS.peer_id,
    } as PendingAnswer;
    expect(longest(pendingText([entry], 80))).toBeLessThanOrEqual(80);
    expect(titlesOf(pendingText([entry], 90))).toEqual(['id', 'from', 'to', 'amount', 'received']);
    expect(titlesOf(pendingText([entry], 120))).toHaveLength(6);
  });

  it('bench: the costs do without what was only counted', () => {
    const rates = { oneThread: 2e6, allThreads: 4e6, createHash: 5e5, cryptoHash: 1e6, python: 250_000 };
    const text = reportText({ threads: 2, repetitions: 5, rates, costs: [] }, 80);
    expect(longest(text)).toBeLessThanOrEqual(80);
    expect(text).not.toContain('proofs found');
  });
});
