/** `import`: takes a chain from a file into a data directory that no node is using, as if a peer had sent it. */
import type { Command } from 'commander';
import { type Block, GENESIS_INDEX, type NetworkSpec, rulesOf } from '../../chain/index.js';
import type { OfflineLedger } from '../../node/offline.js';
import type { Head } from '../../storage/index.js';
import { BrokenChain, checkedChain, isNoChain, type NoChain } from '../chain-check.js';
import { command, networkOptions } from '../command.js';
import { CliError, EXIT_INVALID } from '../errors.js';
import { plural, printable } from '../format.js';
import { type LedgerOptions, ledgerPlace } from '../ledger-options.js';
import { difficulty, filled } from '../option-values.js';
import { note, writeLine } from '../output.js';
import { showProgress } from '../progress.js';
import { uninterrupted } from '../stop-signals.js';
import { nameOf, openText, type TextInput } from '../text-input.js';

export function importCommand(): Command {
  const made = command(
    'import',
    'Take a chain from a file into a data directory',
    'As if a peer had sent it: it is checked block by block, and adopted where it is longer than the chain that is there. No node may be using the directory. A chain with another first block is another network: make it one by --genesis, here and at "start".',
    [
      'import chain.json',
      'import python.json --genesis python.json --data-dir ./class',
      'import - < chain.json',
    ],
  )
    .argument('<file>', 'the file, as GET /chain answers it; - for what is piped in')
    .option('--data-dir <dir>', 'the data directory (default: that of a node on port 5000)', filled);
  return networkOptions(made, difficulty).action(importChain);
}

async function importChain(file: string, options: LedgerOptions): Promise<void> {
  const { directory, spec } = await ledgerPlace(options);
  await using input = await openText(file);
  const blocks = checkedChain(input.chunks, rulesOf(spec), (first) => checkIsGenesis(first, spec));
  await using target = new Target(directory, spec);
  const broken = await adopt(blocks, target, input);
  const { adopted, head } = target;
  const now = head === undefined ? '' : `: the chain has ${plural(head.length, 'block')}, head ${head.hash}`;
  if (head !== undefined) note(`Data directory: ${directory}`);
  if (broken !== undefined) return tellBroken(broken, file, `${keptText(adopted)}${now}`);
  const reason =
    head === undefined
      ? 'the file has no more than the first block'
      : 'it is not longer than the chain that was there';
  await writeLine(`${plural(adopted, 'block')} adopted${adopted === 0 ? ` (${reason})` : ''}${now}`);
}

function keptText(adopted: number): string {
  if (adopted === 0) return 'nothing was adopted';
  return `${plural(adopted, 'block')} before it ${adopted === 1 ? 'stays' : 'stay'} adopted`;
}

/** The chain in the data directory, opened, and made if there is none, only once there is a block for it. */
class Target implements AsyncDisposable {
  #ledger: OfflineLedger | undefined;

  constructor(
    private readonly directory: string,
    private readonly spec: NetworkSpec,
  ) {}

  /** Undefined while it is not opened. */
  get head(): Head | undefined {
    return this.#ledger?.head;
  }

  get adopted(): number {
    return this.#ledger?.adopted ?? 0;
  }

  /** @throws StorageError, CliError */
  async take(piece: readonly Block[]): Promise<void> {
    if (this.#ledger !== undefined) return extend(this.#ledger, piece);
    const { openLedger } = await import('../../node/offline.js');
    // A directory that was made would stay behind with nothing in it.
    await uninterrupted(async () => {
      this.#ledger = await openLedger(this.directory, this.spec);
      await extend(this.#ledger, piece);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ledger?.[Symbol.asyncDispose]();
  }
}

async function extend(ledger: OfflineLedger, piece: readonly Block[]): Promise<void> {
  const extension = await ledger.extend(piece);
  if (extension !== 'extended' && extension !== 'known')
    throw new CliError(
      'refused',
      'the chain leaves the one that is there too early: too much would have to be kept aside',
    );
}

/** @throws CliError where it is no chain at all; the error, where it is another */
async function tellBroken(error: unknown, file: string, rest: string): Promise<void> {
  if (error instanceof BrokenChain) {
    process.exitCode = EXIT_INVALID;
    await writeLine(printable(error.message));
    await writeLine(rest);
  } else if (isNoChain(error)) {
    throw new CliError('bad-file', `cannot read ${nameOf(file)}: ${error.message}; ${rest}`);
  } else throw error;
}

function checkIsGenesis(first: Block, spec: NetworkSpec): void {
  if (first.hash === spec.genesis.hash) return;
  throw new CliError(
    'bad-file',
    'the chain begins with another first block than the network: pass --genesis FILE with this file to make it a network of its own',
  );
}

/** Blocks are stored together until they have so many bytes: more at once would only weigh. */
const PIECE_BYTES = 1 << 20;

/** @returns why it ended early, if it did; what came before is adopted as far as it was longer */
async function adopt(
  blocks: AsyncIterable<Block>,
  target: Target,
  input: TextInput,
): Promise<BrokenChain | NoChain | undefined> {
  let read = 0;
  const end = showProgress('Importing', () => ({
    done: input.bytesRead,
    total: input.size,
    text: plural(read, 'block'),
  }));
  try {
    for await (const piece of piecesOf(blocks)) {
      await target.take(piece);
      read = (piece.at(-1) as Block).index;
    }
    return undefined;
  } catch (error) {
    if (error instanceof BrokenChain || isNoChain(error)) return error;
    throw error;
  } finally {
    end();
  }
}

/** All but the first block, which is the network's own, some at a time; also those before the one at which it breaks. */
async function* piecesOf(blocks: AsyncIterable<Block>): AsyncGenerator<Block[]> {
  let piece: Block[] = [];
  let bytes = 0;
  try {
    for await (const block of blocks) {
      if (block.index === GENESIS_INDEX) continue;
      piece.push(block);
      bytes += block.bytes.length;
      if (bytes < PIECE_BYTES) continue;
      yield piece;
      piece = [];
      bytes = 0;
    }
  } catch (error) {
    if (piece.length > 0) yield piece;
    throw error;
  }
  if (piece.length > 0) yield piece;
}
