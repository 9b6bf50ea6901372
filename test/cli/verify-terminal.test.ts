/** What a person sees who looks at each block while a long chain is checked. */
import { PassThrough } from 'node:stream';
import { expect, it, onTestFinished, vi } from 'vitest';
import { verifyCommand } from '../../src/cli/commands/verify.js';
import { chainOf, chainText, testNetwork } from '../helpers/chains.js';
import { shownOn } from './support.js';

it.each([
  ['there is none where the blocks themselves are shown there', ['--verbose'], true, false],
  ['there is one where they go elsewhere', ['--verbose'], false, true],
  ['there is one where they are not shown', [], true, true],
])('of the progress bar at a terminal %s', async (_, flags, isTerminal, isShown) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] });
  const piped = new PassThrough();
  const stdin = vi.spyOn(process, 'stdin', 'get').mockReturnValue(piped as unknown as typeof process.stdin);
  const shown = shownOn(process.stderr, true);
  const stdout = shownOn(process.stdout, isTerminal);
  const { exitCode } = process;
  onTestFinished(() => {
    vi.useRealTimers();
    stdin.mockRestore();
    process.exitCode = exitCode;
  });
  const text = chainText(chainOf(testNetwork(), 3));
  const checking = verifyCommand().parseAsync(['-', '--difficulty', '0', ...flags], { from: 'user' });
  piped.write(text.slice(0, -20));
  await vi.waitFor(() => expect(piped.readableLength).toBe(0));
  vi.advanceTimersByTime(2_000);
  piped.end(text.slice(-20));
  await checking;
  expect(stdout()).toContain('valid: 3 blocks');
  expect(shown().includes('Checking')).toBe(isShown);
});
