/** What a person at a terminal sees of a running node. */
import { EventEmitter } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EventLines } from '../../src/cli/event-line.js';
import { type EventSource, logEvents } from '../../src/cli/event-log.js';
import { nodeLog } from '../../src/cli/node-log.js';
import { showProgress } from '../../src/cli/progress.js';
import { CLEAR_LINE, paintFor } from '../../src/cli/terminal.js';

function terminalLog() {
  const lines: string[] = [];
  const log = nodeLog('debug', { write: (text) => lines.push(text), isTTY: true });
  return { log, lines, shown: () => lines.map((line) => stripVTControlCharacters(line).replace('\r', '')) };
}

describe("a node's log at a terminal", () => {
  it('is one line an event: the time of day, what happened, and with what, in columns', () => {
    const { log, shown } = terminalLog();
    log.info({ index: 5, from: 'bo' }, 'block-received');
    log.info({ name: 'bo' }, 'peer-joined');
    expect(shown()).toEqual([
      expect.stringMatching(/^\d\d:\d\d:\d\d {3}block-received {7}index=5 {2}from=bo\n$/),
      expect.stringMatching(/^\d\d:\d\d:\d\d {3}peer-joined {10}name=bo\n$/),
    ]);
  });

  it('marks what is a trouble, also where there are no colours', () => {
    const { log, shown } = terminalLog();
    log.warn({}, 'careful');
    log.error({}, 'broken');
    log.debug({}, 'detail');
    expect(shown().map((line) => line.slice(9).trimEnd())).toEqual(['! careful', '✗ broken', '· detail']);
  });

  it('takes the place of a progress bar that stands in the line', () => {
    const { log, lines } = terminalLog();
    log.info({}, 'any');
    expect(lines[0]?.startsWith('\r\u001b[K')).toBe(true);
  });
});

describe('a terminal', () => {
  afterEach(() => void vi.unstubAllEnvs());

  /** What a log line, a progress line and what is painted begin with. */
  function shown(): { log: string; progress: string; painted: string } {
    const { log, lines } = terminalLog();
    log.info({}, 'any');
    let progress = '';
    vi.useFakeTimers();
    const stream = { write: (text: string) => (progress += text), isTTY: true };
    const end = showProgress('Importing', () => ({ done: 0, total: 1, text: '' }), stream);
    vi.advanceTimersByTime(1_000);
    end();
    vi.useRealTimers();
    return { log: lines.join(''), progress, painted: paintFor(stream).red('x') };
  }

  it('has colours, and lines that are drawn anew', () => {
    vi.stubEnv('NO_COLOR', '');
    vi.stubEnv('TERM', 'xterm');
    const { log, progress, painted } = shown();
    expect(log).toContain('\u001b[36m');
    expect(progress).toContain(CLEAR_LINE);
    expect(painted).toBe('\u001b[31mx\u001b[39m');
  });

  it('has no colours where NO_COLOR is set', () => {
    vi.stubEnv('NO_COLOR', '1');
    vi.stubEnv('TERM', 'xterm');
    const { log, progress, painted } = shown();
    expect(log.replace(CLEAR_LINE, '')).toBe(stripVTControlCharacters(log).replace('\r', ''));
    expect(progress).toContain(CLEAR_LINE);
    expect(painted).toBe('x');
  });

  it('that is dumb gets whole lines of plain text, and no progress', () => {
    vi.stubEnv('NO_COLOR', '');
    vi.stubEnv('TERM', 'dumb');
    const { log, progress, painted } = shown();
    expect(log).toMatch(/^\d\d:\d\d:\d\d {3}any\n$/);
    expect({ progress, painted }).toEqual({ progress: '', painted: 'x' });
  });
});

describe('a search for a proof', () => {
  afterEach(() => void vi.useRealTimers());

  it('is told of only when it takes more than a second: else its block tells', () => {
    vi.useFakeTimers();
    const { log, shown } = terminalLog();
    log.level = 'info';
    const node = new EventEmitter();
    logEvents(node as unknown as EventSource, log);
    const tell = (state: string, index: number) => node.emit('mining', { state, index, at: 0 });
    tell('started', 2);
    tell('found', 2);
    vi.advanceTimersByTime(5000);
    expect(shown()).toEqual([]);
    tell('started', 3);
    vi.advanceTimersByTime(900);
    expect(shown()).toEqual([]);
    vi.advanceTimersByTime(200);
    expect(shown()).toEqual([expect.stringMatching(/mining {15}index=3\n$/)]);
  });
});

describe('an event that is watched at a terminal', () => {
  it('says the time of day only, and stands in the same columns as others', () => {
    const lines = new EventLines(true);
    const at = '"at": "2026-01-31T12:00:00.000Z"';
    const shown = [
      lines.line('peer', `{"peer_id": "x", "name": "bo", "change": "connected", ${at}}`),
      lines.line('mining', `{"state": "started", "index": 2, ${at}}`),
    ].map(stripVTControlCharacters);
    expect(shown[0]).toMatch(/^\d\d:00:00 {2}peer {9}bo \(x\) joined$/);
    expect(shown[1]).toMatch(/^\d\d:00:00 {2}mining {7}started: block 2$/);
  });
});
