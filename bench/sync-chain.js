// The chain that every contender of the sync measurement gets: the tutorial's own puzzle, made fast and the same each time.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { access, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { Block, createNetwork, rewardFor, Transaction } from '../dist/src/chain/index.js';
import { openLedger } from '../dist/src/node/offline.js';
import { proofOfWork } from '../dist/src/tutorial.js';

export const NETWORK_NAME = 'bench';
const NETWORK = createNetwork({ name: NETWORK_NAME });
/** Changes with the blocks made below and with how they are stored, so that nothing made before is taken for them. */
const VERSION = 6;
const MINER = '12D3KooWGRUfvWxKnYwnDxLy1NWzyFwFrhVAjzGsGBZT5jDxnqTz';
/** From the default genesis the smallest proofs repeat so, from the block of this index on. */
const PERIOD = { from: 48, length: 61 };
/** Every so many blocks two payments stand in one, as in a network that is used a little. */
const PAID_EVERY = 4;
const PIECE_BLOCKS = 500;

/**
 * A chain on disk, made at the first call and kept in the system's directory for temporary files.
 *
 * @param {number} length - blocks, the genesis among them
 * @returns {Promise<{length: number, place: string, directory: string}>} `directory`: a node's data directory, to be
 *   copied, not used; in `place` stands the file `chain`, what GET /chain answers
 */
export async function benchChain(length) {
  const place = join(tmpdir(), `gossipchain-bench-v${VERSION}`, String(length));
  const chain = { length, place, directory: join(place, 'data') };
  if (await exists(place)) return chain;
  await mkdir(join(place, '..'), { recursive: true });
  const making = await mkdtemp(`${place}-`);
  try {
    await make(length, making);
    await rename(making, place);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    // Another run has made it meanwhile.
    if (!(await exists(place))) throw error;
  }
  return chain;
}

/** A data directory with this chain for one node alone. */
export async function copyOf({ directory }, to) {
  await cp(directory, to, { recursive: true });
  return to;
}

async function make(length, place) {
  const ledger = await openLedger(join(place, 'data'), NETWORK);
  const file = createWriteStream(join(place, 'chain'));
  try {
    file.write('{"chain": [');
    file.write(NETWORK.genesis.bytes);
    for (const piece of pieces(length)) {
      await ledger.extend(piece);
      const text = piece.map(({ bytes }) => `, ${bytes.toString('latin1')}`).join('');
      if (!file.write(text)) await once(file, 'drain');
    }
    file.end(`], "length": ${length}}`);
    await finished(file);
    if (ledger.head.length !== length)
      throw new Error(`only ${ledger.head.length} of ${length} blocks were taken`);
  } finally {
    file.destroy();
    await ledger[Symbol.asyncDispose]();
  }
}

function* pieces(length) {
  let last = NETWORK.genesis;
  let piece = [];
  for (const proof of proofs()) {
    if (last.index === length) break;
    last = blockAfter(last, proof);
    piece.push(last);
    if (piece.length === PIECE_BLOCKS) {
      yield piece;
      piece = [];
    }
  }
  if (piece.length > 0) yield piece;
}

/** The smallest proofs of the blocks from index 2 on, without end. */
function* proofs() {
  const made = [NETWORK.genesis.proof];
  for (let index = 2; ; index++) {
    const same = index >= PERIOD.from + PERIOD.length ? made[index - 1 - PERIOD.length] : undefined;
    const proof = same ?? proofOfWork(made.at(-1), NETWORK.difficulty);
    made.push(proof);
    yield proof;
  }
}

function blockAfter({ index: before, hash }, proof) {
  const index = before + 1;
  const paid =
    index % PAID_EVERY === 0 ? [payment(index, 'alice', 'bob', 5), payment(-index, 'bob', 'carol', 2)] : [];
  return new Block({
    index,
    // Seconds with six digits, as Python's clock gives them.
    timestamp: Number((1506057125.900785 + index * 10.123457).toFixed(6)),
    transactions: [...paid, rewardFor(MINER)],
    proof,
    previous_hash: hash,
  });
}

function payment(seed, sender, recipient, amount) {
  const nonce = createHash('sha256').update(String(seed)).digest('hex').slice(0, 32);
  return new Transaction(sender, recipient, amount, nonce);
}

async function exists(path) {
  return await access(path).then(
    () => true,
    () => false,
  );
}
