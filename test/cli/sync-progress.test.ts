/** How far a long sync is, shown while a node comes and goes beneath it. */
import { expect, it, onTestFinished, vi } from 'vitest';
import { type SyncingNode, showSyncs } from '../../src/cli/sync-progress.js';
import { NodeError } from '../../src/node/index.js';

it('a node that opens its chain anew, as when its disk has room again, is shown as one that fetches nothing', () => {
  vi.useFakeTimers();
  const isTTY = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY');
  Object.defineProperty(process.stderr, 'isTTY', { value: true, configurable: true });
  let shown = '';
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    shown += text;
    return true;
  });
  onTestFinished(() => {
    vi.useRealTimers();
    write.mockRestore();
    Object.defineProperty(process.stderr, 'isTTY', isTTY ?? { value: undefined, configurable: true });
  });
  let isRunning = true;
  const running = <T>(value: T): T => {
    if (!isRunning) throw new NodeError('not-running', 'the node is not running: start it first');
    return value;
  };
  const node = {
    figures: () => running({ syncing: true }),
    status: () => running({ head: { length: 1_500 } }),
    peers: () => running([{ length: 3_000 }]),
  } as unknown as SyncingNode;
  const end = showSyncs(node);
  vi.advanceTimersByTime(2_000);
  expect(shown).toContain('1,500 of 3,000 blocks');
  isRunning = false;
  vi.advanceTimersByTime(2_000);
  shown = '';
  vi.advanceTimersByTime(2_000);
  expect(shown).toBe('');
  isRunning = true;
  vi.advanceTimersByTime(2_000);
  expect(shown).toContain('1,500 of 3,000 blocks');
  end();
});
