/** The line that a person at a terminal sees while something takes long. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Progress, showProgress } from '../../src/cli/progress.js';

/** What stands in the cursor's line, and the lines above it. */
class Terminal {
  readonly isTTY = true;
  columns = 100;
  text = '';

  write(text: string): void {
    this.text += text;
  }

  get lines(): string[] {
    return this.text
      .split('\n')
      .map((line) => line.slice(line.lastIndexOf('\r\u001b[K') + 1).replace('\u001b[K', ''));
  }
}

describe('progress', () => {
  let terminal: Terminal;
  let now: Progress;
  beforeEach(() => {
    vi.useFakeTimers();
    terminal = new Terminal();
    now = { done: 25, total: 100, text: '25 blocks' };
  });
  afterEach(() => void vi.useRealTimers());

  it('is shown only of what takes longer than a second', () => {
    const end = showProgress('Importing', () => now, terminal);
    vi.advanceTimersByTime(900);
    end();
    vi.advanceTimersByTime(5_000);
    expect(terminal.text).toBe('');
  });

  it('is a bar that grows, in one line, and is gone at the end', () => {
    const end = showProgress('Importing', () => now, terminal);
    vi.advanceTimersByTime(1_000);
    expect(terminal.lines).toEqual([`Importing  ${'━'.repeat(10)}${'─'.repeat(30)}  25 %  25 blocks`]);
    now = { done: 100, total: 100, text: '100 blocks' };
    vi.advanceTimersByTime(100);
    expect(terminal.lines).toEqual([`Importing  ${'━'.repeat(40)} 100 %  100 blocks`]);
    end();
    expect(terminal.lines).toEqual(['']);
    vi.advanceTimersByTime(5_000);
    expect(terminal.lines).toEqual(['']);
  });

  it('makes room for a line of the log, which stays', () => {
    const end = showProgress('Syncing', () => now, terminal);
    vi.advanceTimersByTime(1_000);
    terminal.write('\r\u001b[Kpeer-joined\n');
    vi.advanceTimersByTime(100);
    expect(terminal.lines[0]).toBe('peer-joined');
    expect(terminal.lines[1]).toMatch(/^Syncing/);
    end();
    expect(terminal.lines).toEqual(['peer-joined', '']);
  });

  it('says that it goes on where the whole is not known, and is never wider than the terminal', () => {
    terminal.columns = 20;
    now = { done: 0, total: undefined, text: '1,000,000 tried, 12,000,000 a second' };
    showProgress('Mining', () => now, terminal);
    vi.advanceTimersByTime(1_000);
    expect(terminal.lines).toEqual(['⠋ Mining  1,000,000']);
  });

  it('leaves Ctrl-C to whoever else listens, and to the system', () => {
    const before = process.listenerCount('SIGINT');
    const end = showProgress('Importing', () => now, terminal);
    vi.advanceTimersByTime(2_000);
    expect(process.listenerCount('SIGINT')).toBe(before);
    end();
  });

  it('is not shown in a pipe', () => {
    const written: string[] = [];
    showProgress('Importing', () => now, { write: (text) => written.push(text) });
    vi.advanceTimersByTime(5_000);
    expect(written).toEqual([]);
  });
});
