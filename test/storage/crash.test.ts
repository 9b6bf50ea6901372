import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { sha256 } from '../../src/chain/index.js';
import { Directory } from '../../src/storage/directory.js';
import { durableStore } from '../../src/storage/index.js';
import { layout } from '../../src/storage/layout.js';
import { extend } from '../helpers/chains.js';
import { audit, GENESIS, NETWORK, pendingIds } from './support.js';

const ROUNDS = 15;
const CHILD = fileURLToPath(new URL('crash-child.js', import.meta.url));

interface State {
  readonly head: string;
  readonly pending: string;
}

/** Lets a process change a store for a while and kills it; answers what the store may be now. */
async function crash(
  directory: string,
  before: State,
  seed: number,
  lines: number,
  ms: number,
): Promise<State[]> {
  const child = spawn(process.execPath, [CHILD, directory, String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const states = [before];
  let acknowledged = true;
  let seen = 0;
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => {
    const said = JSON.parse(line) as State | string;
    if (typeof said === 'object') states.push(said);
    acknowledged = typeof said === 'string';
    if (seen++ === lines) setTimeout(() => child.kill('SIGKILL'), ms);
  });
  const [[, signal]] = await Promise.all([once(child, 'exit'), once(output, 'close')]);
  expect(signal).toBe('SIGKILL');
  // A change that was not acknowledged has been made, or has not.
  return states.slice(acknowledged ? -1 : -2);
}

async function stateOf(directory: string): Promise<State> {
  const store = durableStore(directory, NETWORK);
  await store.open();
  try {
    return { head: store.head.hash, pending: sha256((await pendingIds(store)).join()) };
  } finally {
    await store.close();
  }
}

async function isCutOff(directory: string): Promise<boolean> {
  const level = await new Directory(directory).open();
  try {
    return (await level.get(layout.adoption)) !== undefined;
  } finally {
    await level.close();
  }
}

it(`a store killed at any moment holds all that was acknowledged, whole (${ROUNDS} times)`, {
  timeout: 120_000,
}, async () => {
  const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000);
  console.log(`CRASH_SEED=${seed}`);
  const parent = await mkdtemp(join(tmpdir(), 'gossipchain-'));
  const directory = join(parent, 'chain');
  try {
    const store = durableStore(directory, NETWORK);
    await store.open();
    await store.append(extend([GENESIS], 1_500, { difficulty: 0 }).slice(1));
    await store.close();
    let before = await stateOf(directory);
    let cutOff = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const allowed = await crash(
        directory,
        before,
        seed + round,
        (seed + round * 7) % 25,
        (seed * (round + 1)) % 23,
      );
      if (await isCutOff(directory)) cutOff++;
      const after = await stateOf(directory);
      expect(allowed).toContainEqual(after);
      await audit(new Directory(directory));
      before = after;
    }
    console.log(`${cutOff} of ${ROUNDS} adoptions were cut off and finished`);
  } finally {
    await rm(parent, { recursive: true });
  }
});
