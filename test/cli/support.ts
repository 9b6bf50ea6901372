/** Runs the built command line as a user does, in a home directory of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { homeVariables } from '../helpers/home.js';
import { scratch } from '../helpers/scratch.js';

export { scratch };

const MAIN = join(import.meta.dirname, '../../dist/src/cli/main.js');

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * @param args of the command line
 * @param input what is piped in
 * @param variables of the environment, beside those of its home
 */
export function gossipchain(
  args: readonly string[],
  {
    input = '',
    home = scratch(),
    variables = {},
  }: { input?: string; home?: string; variables?: Record<string, string> } = {},
): Promise<Outcome> {
  const env = { ...process.env, ...homeVariables(home), GOSSIPCHAIN_TOKEN: '', ...variables };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [MAIN, ...args],
      { env, timeout: 20_000, maxBuffer: 1 << 26 },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
    child.stdin?.on('error', () => {}); // it may be done before all is read
    child.stdin?.end(input);
  });
}

/**
 * The same, begun and not waited for.
 *
 * @param stdin `pipe` where something is to be piped in
 * @returns `ended`: the signal that ended it, or its exit code
 */
export function begun(
  args: readonly string[],
  stdin: 'ignore' | 'pipe' = 'ignore',
): {
  child: ChildProcess;
  ended: Promise<NodeJS.Signals | number | null>;
} {
  const env = { ...process.env, ...homeVariables(scratch()), GOSSIPCHAIN_TOKEN: '' };
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: [stdin, 'ignore', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, ended: new Promise((done) => child.once('exit', (code, signal) => done(signal ?? code))) };
}

/**
 * What a command in this process writes to stdout or stderr, which says that it is a terminal, or that it is none.
 *
 * @returns what has been written
 */
export function shownOn(stream: NodeJS.WriteStream, isTerminal: boolean): () => string {
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
