// The tutorial's own resolve in Python, on a chain from a static file server in another process.
import { execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SCRIPT = fileURLToPath(new URL('./sync-tutorial.py', import.meta.url));

export class TutorialResolve {
  #server;
  #url;

  /** Serves the chain that stands in this directory as the file `chain`. */
  static async start(directory) {
    const one = new TutorialResolve();
    const args = ['-u', '-m', 'http.server', '0', '--bind', '127.0.0.1', '--directory', directory];
    one.#server = spawn('python3', args, { stdio: ['ignore', 'pipe', 'ignore'] });
    one.#url = await new Promise((resolve, reject) => {
      one.#server.once('error', reject);
      one.#server.once('exit', () => reject(new Error('python3 -m http.server did not start')));
      one.#server.stdout.on('data', (text) => {
        const port = /port (\d+)/.exec(text)?.[1];
        if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
      });
    });
    return one;
  }

  /** Without what only slows it down. @returns {Promise<number>} ms from its request to its verdict */
  async run() {
    return await this.#run();
  }

  /** With its prints, which are thrown away, and its second parse. @returns {Promise<number>} ms from its request to its verdict */
  async runAsPublished() {
    return await this.#run('--as-published');
  }

  async #run(...options) {
    const { stdout } = await promisify(execFile)('python3', [SCRIPT, ...options, this.#url]);
    return Number(stdout) * 1000;
  }

  stop() {
    this.#server.kill();
  }
}
