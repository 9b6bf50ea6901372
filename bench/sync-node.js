// A node in a process of its own, as a user starts it, and what it weighs.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { NETWORK_NAME } from './sync-chain.js';

const MAIN = fileURLToPath(new URL('../dist/bin/gossipchain.cjs', import.meta.url));
/** How often a node is asked how far it is, in ms. Asked every 20 ms, it spends 6 % of its main thread's time on the answers... */
const POLL_MS = 50;
/** ...so it is asked more often only when little is left: what is measured is too long by half of this, on average. */
const POLL_AT_END_MS = 10;
const END = 0.95;
const CACHE = join(tmpdir(), 'gossipchain-bench-cache');
const START_MS = 30_000;
const SYNC_MS = 300_000;

export class BenchNode {
  #child;

  /**
   * @param {string} directory - its data directory; nothing else of the user's is touched
   * @param {string[]} [more] - options beside the usual ones
   */
  static async start(directory, more = []) {
    const node = new BenchNode();
    const args = [
      'start',
      '--network',
      NETWORK_NAME,
      '--data-dir',
      directory,
      '--listen',
      '/ip4/127.0.0.1/tcp/0',
    ];
    node.#child = spawn(
      process.execPath,
      [MAIN, ...args, '--port', '0', '--no-mdns', '--log-level', 'warn', ...more],
      {
        env: {
          ...process.env,
          HOME: directory,
          XDG_STATE_HOME: '',
          XDG_DATA_HOME: '',
          XDG_CONFIG_HOME: '',
          // As on a machine where it was started before, its code is compiled already.
          XDG_CACHE_HOME: CACHE,
          GOSSIPCHAIN_TOKEN: '',
          NO_COLOR: '1',
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let said = '';
    node.#child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    const until = Date.now() + START_MS;
    for (;;) {
      node.url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (node.url !== undefined) return node;
      if (Date.now() > until || node.#child.exitCode !== null) {
        await node.stop();
        throw new Error(`the node did not start: ${said}`);
      }
      await delay(POLL_MS);
    }
  }

  async status() {
    return await (await fetch(`${this.url}/status`)).json();
  }

  /** @param {BenchNode[]} peers @returns {Promise<number>} ms from naming the peers until it has all of the chain */
  async sync(peers, length) {
    const nodes = await Promise.all(peers.map(async (peer) => (await peer.status()).addresses[0]));
    const began = performance.now();
    const answer = await fetch(`${this.url}/nodes/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ nodes }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    for (;;) {
      const { length: reached } = await this.status();
      if (reached >= length) break;
      if (performance.now() - began > SYNC_MS) throw new Error(`not synced within ${SYNC_MS} ms`);
      await delay(reached < END * length ? POLL_MS : POLL_AT_END_MS);
    }
    return performance.now() - began;
  }

  /** Sends a payment, and forges the block that has it. @throws Error where one of them is refused */
  async pay(amount) {
    const answer = await fetch(`${this.url}/transactions/new`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sender: 'alice', recipient: 'bob', amount }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    await answer.arrayBuffer();
    const mined = await fetch(`${this.url}/mine`);
    if (!mined.ok) throw new Error(await mined.text());
    await mined.arrayBuffer();
  }

  /** Reads all of GET /chain, and throws it away. @returns {Promise<number>} its bytes */
  async readChain() {
    let bytes = 0;
    for await (const chunk of (await fetch(`${this.url}/chain`)).body) bytes += chunk.length;
    return bytes;
  }

  /** Resident memory in MiB: in all, of its own, and of files that are mapped; and the peak of all since {@link forgetPeak}. */
  memory() {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    const mib = (field) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
    return { all: mib('VmRSS'), own: mib('RssAnon'), mapped: mib('RssFile'), peak: mib('VmHWM') };
  }

  /** From now on the peak is counted anew. */
  forgetPeak() {
    writeFileSync(`/proc/${this.#child.pid}/clear_refs`, '5');
  }

  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((done) => this.#child.once('exit', done));
    this.#child.kill('SIGTERM');
    await ended;
  }
}
