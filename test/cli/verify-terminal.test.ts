/** What a person sees who looks at each block while a long chain is checked. */
import { PassThrough } from 'node:stream';
import { expect, it, onTestFinished, vi } from 'vitest';
import { verifyCommand } from '../../src/cli/commands/verify.js';
import { chainOf, chainText, testNetwork } from '../helpers/chains.js';

/** @returns what is written to it; it says that it is a terminal, or that it is none */
function fake(stream: NodeJS.WriteStream, isTerminal: boolean): () => string {
  const before = Object.getOwnPropertyDescriptor(stream, 'isTTY');
  Object.defineProperty(stream, 'isTTY', { value: isTerminal, configurable: true });
  let written = '';
  const write = vi.spyOn(stream, 'write').mockImplementation((text) => {
    written += text;
    return true;
  });
  onTestFinished(() => {
    write.mockRestore();
    Object.defineProperty(stream, 'isTTY', before ?? { value: undefined, configurable: true });
  });
  return () => written;
}

it.each([
  ['there is none where the blocks themselves are shown there', ['--verbose'], true, false],
  ['there is one where they go elsewhere', ['--verbose'], false, true],
  ['there is one where they are not shown', [], true, true],
])('of the progress bar at a terminal %s', async (_, flags, isTerminal, isShown) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] });
  const piped = new PassThrough();
  const stdin = vi.spyOn(process, 'stdin', 'get').mockReturnValue(piped as unknown as typeof process.stdin);
  const shown = fake(process.stderr, true);
  const stdout = fake(process.stdout, isTerminal);
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
