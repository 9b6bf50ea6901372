// Chains to measure with: valid, each block with its reward, on disk as a node keeps them; made once and kept in the
// system's directory for temporary files.
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Block, createNetwork, rewardFor, validProof } from '../dist/src/chain/index.js';
import { durableStore } from '../dist/src/storage/index.js';

/** The network of all chains made here: one try in sixteen is a proof. */
export const BENCH_NETWORK = createNetwork({ name: 'bench', difficulty: 1 });

const BATCH = 1_000;
/** As long as a peer id. */
const MINER = '12D3KooWBenchBenchBenchBenchBenchBenchBenchBenchBenc';

/**
 * @param {number} length - in blocks, genesis included
 * @returns {Promise<{length: number, directory: string}>} `directory`: a node's data directory, to be copied, not used
 */
export async function benchChain(length) {
  const directory = join(tmpdir(), 'gossipchain-bench-chains', `${length}`);
  if (existsSync(directory)) return { length, directory };
  const unfinished = `${directory}.${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  const store = durableStore(join(unfinished, 'chain'), BENCH_NETWORK);
  await store.open();
  let blocks = [];
  for (const block of chainOf(length)) {
    if (block.index > 1) blocks.push(block);
    if (blocks.length < BATCH && block.index < length) continue;
    await store.append(blocks);
    blocks = [];
  }
  await store.close();
  await rename(unfinished, directory);
  return { length, directory };
}

/** @param {number} length - in blocks @returns {Generator<Block>} always the same ones */
export function* chainOf(length) {
  let block = BENCH_NETWORK.genesis;
  yield block;
  while (block.index < length) {
    const { index, proof, hash } = block;
    block = new Block({
      index: index + 1,
      timestamp: Number(BENCH_NETWORK.genesis.timestamp) + index,
      transactions: [rewardFor(MINER)],
      proof: smallestProof(proof),
      previous_hash: hash,
    });
    yield block;
  }
}

function smallestProof(lastProof) {
  let proof = 0;
  while (!validProof(lastProof, proof, BENCH_NETWORK.difficulty)) proof++;
  return proof;
}
