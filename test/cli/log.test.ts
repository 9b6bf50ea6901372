import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_NETWORK } from '../../src/chain/index.js';
import { type EventSource, logEvents } from '../../src/cli/event-log.js';
import type { LogLevel } from '../../src/cli/log-level.js';
import { entryText, nodeLog } from '../../src/cli/node-log.js';
import { originalStack } from '../../src/cli/original-stack.js';
import { chainOf, payment, testNetwork } from '../helpers/chains.js';

vi.mock(import('../../src/cli/original-stack.js'), { spy: true });

const PEER = '12D3KooWSNSuP5kH2kYtLbfNtimD4yGqoCRR9Aae1k3tjXmk7hsb';

function logTo(lines: string[], level: LogLevel = 'info', isTTY = false) {
  return nodeLog(level, { write: (text) => lines.push(text), isTTY });
}

describe("a node's log", () => {
  it('is plain lines in a pipe: time, level, action, fields', () => {
    const lines: string[] = [];
    logTo(lines).info({ index: 5, name: 'bo', empty: undefined }, 'block-mined');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\[[-\d]{10} [:.\d]{12}\] INFO: {2}block-mined {10}index=5 {2}name=bo\n$/);
  });

  it('stands in columns whatever the level', () => {
    const lines: string[] = [];
    const log = logTo(lines, 'debug');
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level]({}, 'action');
    expect(new Set(lines.map((line) => line.indexOf('action'))).size).toBe(1);
  });

  it('says no more than its level', () => {
    const lines: string[] = [];
    logTo(lines, 'warn').info({}, 'no');
    logTo(lines, 'silent').error({}, 'no');
    expect(lines).toEqual([]);
  });

  it('tells an error by its stack, in the fields for it; stack traces in other fields are none of ours', () => {
    const lines: string[] = [];
    const looked = vi.mocked(originalStack).mockClear().mockReturnValue('of the sources');
    const log = logTo(lines);
    const error = new Error('no');
    log.error({ name: 'at /opt/program.cjs:1:1', [error.stack as string]: error.stack }, 'peer-joined');
    expect(looked).not.toHaveBeenCalled();
    log.error({ error }, 'sync-failed');
    log.error({ error: error.stack }, 'call-failed');
    log.error({ stack: error.stack }, 'start-failed');
    expect(looked.mock.calls).toEqual([[error.stack], [error.stack], [error.stack]]);
    expect(lines.slice(1).map((line) => /\w+="of the sources"/.exec(line)?.[0])).toEqual([
      'error="of the sources"',
      'error="of the sources"',
      'stack="of the sources"',
    ]);
  });

  it('lets nothing that a peer says move the cursor or begin a line', () => {
    const lines: string[] = [];
    const bad = 'x\n[2026] \u001b[2J"\u202e';
    logTo(lines).info({ [bad]: bad, type: 'Error', stack: bad, hostname: bad, nested: { bad } }, bad);
    for (const moving of ['\n', '\u001b', '\u202e']) expect(lines.join('').trimEnd()).not.toContain(moving);
    expect(entryText({ msg: 'a', name: 'two words' })).toMatch(/name="two words"$/);
  });
});

describe("a node's events in its log", () => {
  afterEach(() => void vi.useRealTimers());

  function listening() {
    const emitter = new EventEmitter();
    const lines: string[] = [];
    logEvents(emitter as unknown as EventSource, logTo(lines));
    const texts = () => lines.map((line) => line.replace(/^\[.*?\] \w+: +/, '').trimEnd());
    return { tell: (name: string, event: object) => emitter.emit(name, { at: 0, ...event }), texts };
  }

  const [, block] = chainOf(testNetwork(), 2);

  it('name blocks, who they come from, and transactions', () => {
    const { tell, texts } = listening();
    tell('peer', { peerId: PEER, name: 'bo', change: 'connected' });
    tell('block', { block, source: 'own', from: null });
    tell('block', { block, source: 'gossip', from: PEER });
    tell('transaction', { transaction: payment('a', 'b', 2), from: PEER });
    tell('peer', { peerId: PEER, name: '', change: 'disconnected' });
    tell('block', { block, source: 'gossip', from: PEER });
    expect(texts()).toEqual([
      'peer-joined          name=bo  peer=…3tjXmk7hsb',
      expect.stringMatching(/^block-mined {10}index=2 {2}hash=[0-9a-f]{12}… {2}transactions=1 {2}proof=\d+$/),
      expect.stringMatching(/^block-received {7}index=2 .* from=bo$/),
      expect.stringMatching(/^transaction-received id=.* sender=a {2}recipient=b {2}amount=2 {2}from=bo$/),
      'peer-left            name=bo  peer=…3tjXmk7hsb',
      expect.stringMatching(/^block-received {7}index=2 .* from=…3tjXmk7hsb$/),
    ]);
  });

  it('tell a fork and a replaced chain', () => {
    const { tell, texts } = listening();
    const head = { length: 5, hash: DEFAULT_NETWORK.genesis.hash, proof: 1 };
    tell('fork', { block, fork: 1, head, from: PEER });
    tell('reorg', { fork: 2, removed: 1, added: 3, oldHead: head, newHead: head, returned: [], from: null });
    expect(texts()).toEqual([
      expect.stringMatching(/^fork-seen {12}index=2 {2}hash=[0-9a-f]{12}… {2}fork=1 {2}from=…3tjXmk7hsb$/),
      'chain-replaced       length=5  hash=9bd58252bbed…  fork=2  removed=1  added=3  returned=0  from="this node"',
    ]);
  });

  it('tell a thousand blocks that are synced in one line', () => {
    vi.useFakeTimers();
    const { tell, texts } = listening();
    for (const synced of chainOf(testNetwork(), 1001).slice(1))
      tell('block', { block: synced, source: 'sync', from: PEER });
    expect(texts()).toEqual([]);
    vi.runAllTimers();
    expect(texts()).toEqual([expect.stringMatching(/^blocks-fetched {7}blocks=2-1001 {2}hash=/)]);
  });
});
