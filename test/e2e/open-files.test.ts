import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { homeVariables } from '../helpers/home.js';
import { describeNodes, MAIN, RunningNode, scratch } from './running-node.js';

/** With fewer files than this open, Node.js itself does not start everywhere. */
const LEAST_LIMIT = 20;
const MOST_LIMIT = 64;

/** Starts a node that may have so many files open. @returns what it wrote until it ran, or until it ended */
async function startedWith(limit: number, directory: string, home: string): Promise<string> {
  const args = ['start', '--port', '0', '--no-mdns', '--data-dir', directory];
  const child = spawn(
    'bash',
    ['-c', 'ulimit -n "$0" && exec "$@"', `${limit}`, process.execPath, MAIN, ...args],
    {
      env: { ...process.env, ...homeVariables(home) },
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  const ended = new Promise((resolve) => child.on('close', resolve));
  await new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        if (output.includes('Ctrl-C')) resolve(undefined);
      });
    void ended.then(resolve);
  });
  child.kill('SIGTERM');
  await ended;
  return output;
}

describeNodes('where a node may open too few files', () => {
  it('it says so in one line, and all that it keeps is as it was', async () => {
    const home = scratch();
    const directory = join(home, 'data-directory');
    const node = await RunningNode.start(['--port', '0', '--no-mdns', '--data-dir', directory], home);
    const { peer_id: peerId } = await node.status();
    await node.end('SIGTERM');
    const kept = () => readdirSync(directory).map((name) => [name, statSync(join(directory, name)).ino]);
    const before = kept();
    const refused: string[] = [];
    for (let limit = LEAST_LIMIT; limit < MOST_LIMIT; limit++) {
      const output = await startedWith(limit, directory, home);
      if (output.includes('Ctrl-C')) break;
      if (output.startsWith('gossipchain: ')) refused.push(output);
      expect(output).not.toMatch(/damaged|unexpected error/);
      expect(kept()).toEqual(before);
    }
    const wayOut =
      /(too many open files|EMFILE|too many files are open).*: let the node open more files \(ulimit -n \d+\), and start it again\n$/i;
    expect(refused.filter((line) => !wayOut.test(line))).toEqual([]);
    for (const part of ['chain', 'peers'])
      expect(refused.some((line) => line.includes(join(directory, part)))).toBe(true);
    const again = await node.again();
    expect((await again.status()).peer_id).toBe(peerId);
  });
});
