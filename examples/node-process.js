/** A node in a process of its own, started as `gossipchain start` does, and driven through its control API. */
import { spawn } from 'node:child_process';
import { once, setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { eventsOf } from './event-stream.js';

const MAIN = fileURLToPath(
  new URL('dist/bin/gossipchain.cjs', import.meta.resolve('gossipchain/package.json')),
);
const STOP_MS = 5_000;

export class NodeProcess {
  #child;
  #ended;
  #output = '';

  /**
   * @param {string[]} options of `gossipchain start`; what the node keeps is gone when it ends
   */
  constructor(...options) {
    this.#child = spawn(process.execPath, [MAIN, 'start', '--ephemeral', ...options], {
      // Asked without a token: one that this user's own node has would lock us out.
      env: { ...process.env, GOSSIPCHAIN_TOKEN: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#ended = once(this.#child, 'close');
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        this.#output = (this.#output + text).slice(-10_000);
      });
    }
  }

  /** Waits until the node has told its control address, and takes it from there. */
  async ready(signal) {
    this.url = await until(() => this.#address(), 'a node told its address', signal);
  }

  #address() {
    if (this.#child.exitCode !== null) {
      throw new Error(`a node ended at its start: ${this.#output.trim().split('\n').at(-1)}`);
    }
    return /http:\/\/127\.0\.0\.1:\d+(?=\D)/.exec(this.#output)?.[0];
  }

  async get(path, signal) {
    return JSON.parse(await this.request(path, { signal }));
  }

  async post(path, body, signal) {
    return JSON.parse(
      await this.request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal,
      }),
    );
  }

  /** The text of an answer: numbers are in it as the node wrote them. */
  async request(path, options) {
    const answer = await this.#fetch(path, options);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${this.url}${path} answered ${answer.status}: ${text}`);
    return text;
  }

  /** Resolves when the node is sending its events, each with its name as `event`. */
  async events(signal) {
    return eventsOf(await this.#fetch('/events', { signal }));
  }

  async #fetch(path, options) {
    try {
      return await fetch(this.url + path, options);
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw new Error(`${this.url} does not answer: ${error.cause?.message ?? error.message}`);
    }
  }

  /** Ends the process: kindly, and by force where that does not help. */
  async stop() {
    this.#child.kill('SIGTERM');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    await this.#ended;
    clearTimeout(force);
  }
}

/**
 * Asks again and again until the answer is something, and returns it.
 *
 * @param condition may be asynchronous; where it throws, so does this
 * @param {string} what is waited for, to complain with: "… in time"
 */
export async function until(condition, what, signal, timeoutMs = 60_000) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await condition();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s in vain until ${what}`);
    await delay(50, undefined, { signal });
  }
}

/** A signal for when nobody wants the program to go on: Ctrl-C, a closed terminal, a reader that has gone. */
export function interruption() {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // Every call to a node listens to it.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(name, () => controller.abort());
  process.stdout.on('error', () => controller.abort());
  return controller.signal;
}

/** Says in one line why the program ends early, and sets its exit code. */
export function endEarly(error, signal) {
  console.error(signal.aborted ? 'Interrupted.' : error.message);
  process.exitCode = signal.aborted ? 130 : 1;
}
