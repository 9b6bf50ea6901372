/** The baseline that readers of the tutorial know: its own loop, in Python. */

import { spawn } from 'node:child_process';

/** More than it takes to start, in ms. */
const START_LIMIT_MS = 10_000;

/**
 * Tries a second of the tutorial's own `valid_proof`, over a range without a hit.
 *
 * @param seconds - how long to try
 * @returns null where there is no Python
 */
export async function pythonRate(seconds: number, signal?: AbortSignal): Promise<number | null> {
  for (const name of ['python3', 'python']) {
    const rate = Number(
      await outputOf(name, ['-c', loop(seconds)], Math.ceil(seconds * 1000) + START_LIMIT_MS, signal),
    );
    if (rate > 0) return rate;
  }
  return null;
}

const loop = (seconds: number) => `
import hashlib, time
def valid_proof(last_proof, proof):
    guess = f'{last_proof}{proof}'.encode()
    guess_hash = hashlib.sha256(guess).hexdigest()
    return guess_hash[:4] == "0000"
proof = 1000000
start = time.perf_counter()
while time.perf_counter() - start < ${seconds}:
    for proof in range(proof, proof + 10000):
        valid_proof(4503599627370496, proof)
    proof += 1
print((proof - 1000000) / (time.perf_counter() - start))
`;

/** What a program prints; nothing where there is no such program, it takes too long, or `signal` ends it. */
function outputOf(
  program: string,
  args: readonly string[],
  timeout: number,
  signal?: AbortSignal,
): Promise<string> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], timeout, signal });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.once('error', () => resolve(''));
    child.once('close', () => resolve(output));
  });
}
