import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stopSignals } from '../../src/cli/stop-signals.js';

const PROGRAM = `
import { stopSignal } from ${JSON.stringify(pathToFileURL('dist/src/cli/stop-signals.js').href)};
setInterval(() => {}, 1000); // it never comes to its end
const signal = stopSignal();
console.log('ready');
console.log('stopping by', await signal);
`;

/** A program whose stop takes for ever. */
function stubborn() {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  const says = (what: string) => expect.poll(() => text, { timeout: 20_000 }).toContain(what);
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  return { child, says, ended };
}

describe.skipIf(process.platform === 'win32')('a second signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'ends the process at once (%s: %i), but for one within 300 ms of the first, which is the same one',
    async (signal, code) => {
      const { child, says, ended } = stubborn();
      await says('ready');
      const begun = performance.now();
      child.kill('SIGINT');
      await says('stopping by SIGINT');
      // npm's echo of a Ctrl-C, and then somebody who has no patience.
      const isAlive = () => child.exitCode === null && child.signalCode === null;
      while (isAlive()) {
        child.kill(signal);
        await delay(20);
      }
      expect(await ended).toBe(code);
      expect(performance.now() - begun).toBeGreaterThan(300);
    },
  );
});

it('a closed console stops a node on Windows, a hang-up nowhere else', () => {
  expect(stopSignals('win32')).toContain('SIGHUP');
  expect(stopSignals('linux')).not.toContain('SIGHUP');
});
