// A process that says when it is ready, timed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const GOSSIPCHAIN = fileURLToPath(new URL('../dist/bin/gossipchain.cjs', import.meta.url));
/** Nothing leaves this machine, and nobody is met on it. */
export const ALONE = ['--port', '0', '--no-mdns', '--listen', '/ip4/127.0.0.1/tcp/0'];
/** The last line of a node's introduction, and of bare libp2p's. */
const READY = 'Ctrl-C stops it.';

export class StartedProcess {
  #child;
  /** What it has said. */
  said = '';
  /** From spawn to ready, in ms. */
  readyMs = Number.NaN;

  /**
   * @param {string[]} args - of node: a script and its arguments
   * @param {string} home - where it keeps what a user's programs keep
   * @param {string[]} stdio - its streams; with 'ipc' it can be asked
   */
  static async start(args, home, stdio = ['ignore', 'pipe', 'pipe']) {
    const started = new StartedProcess();
    const began = performance.now();
    const child = spawn(process.execPath, args, { env: at(home), stdio });
    started.#child = child;
    await new Promise((ready, fail) => {
      child.stdout.on('data', (chunk) => {
        started.said += chunk;
        if (started.said.includes(READY)) ready();
      });
      child.stderr.on('data', (chunk) => {
        started.said += chunk;
      });
      child.on('exit', () => fail(new Error(`it ended before it was ready: ${started.said}`)));
    });
    started.readyMs = performance.now() - began;
    return started;
  }

  /** Of the control API, for a node. */
  get url() {
    return /http:\/\/127\.0\.0\.1:\d+/.exec(this.said)?.[0];
  }

  get pid() {
    return this.#child.pid;
  }

  /** Resident memory in MiB: in all, and without the files that are mapped. */
  memory() {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    const mib = (field) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
    return { all: mib('VmRSS'), own: mib('RssAnon') };
  }

  /** What its probe has seen since it was last asked: see api-probe.js. */
  async ask() {
    const answered = once(this.#child, 'message');
    this.#child.send('how late');
    return (await answered)[0];
  }

  /** @returns {Promise<number>} ms from the signal to the end */
  async end() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return 0;
    const ended = once(this.#child, 'exit');
    const began = performance.now();
    this.#child.kill('SIGTERM');
    await ended;
    return performance.now() - began;
  }
}

/** @returns {Promise<number>} ms from spawn to the end of a command that must succeed */
export async function timeCommand(args, home) {
  const began = performance.now();
  const child = spawn(process.execPath, args, { env: at(home), stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${args.join(' ')} ended with code ${code}`);
  return performance.now() - began;
}

function at(home) {
  const none = { XDG_DATA_HOME: '', XDG_STATE_HOME: '', XDG_CONFIG_HOME: '', XDG_CACHE_HOME: '' };
  return { ...process.env, ...none, HOME: home, GOSSIPCHAIN_TOKEN: '', NO_COLOR: '1' };
}
