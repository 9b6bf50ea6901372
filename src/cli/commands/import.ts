/** `import`: takes a chain from a file into a data directory that no node is using, as if a peer had sent it. */
import type { Command } from 'commander';
import { type Block, type NetworkSpec, rulesOf } from '../../chain/index.js';
import type { OfflineLedger } from '../../node/offline.js';
import { BrokenChain, checkedChain, isNoChain, type NoChain } from '../chain-check.js';
import { command, networkOptions } from '../command.js';
import { CliError, EXIT_INVALID } from '../errors.js';
import { plural, printable } from '../format.js';
import { type LedgerOptions, ledgerPlace } from '../ledger-options.js';
import { difficulty, filled } from '../option-values.js';
import { note, writeLine } from '../output.js';
import { showProgress } from '../progress.js';
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
  try {
    // The directory is made only for a chain that begins as it should.
    await blocks.next();
  } catch (error) {
    return tellBroken(error, file, 'nothing was adopted');
  }
  const { openLedger } = await import('../../node/offline.js');
  await using ledger = await openLedger(directory, spec);
  note(`Data directory: ${directory}`);
  const broken = await adopt(blocks, ledger, input);
  const { adopted, head } = ledger;
  const now = `the chain has ${head.length} blocks, head ${head.hash}`;
  if (broken === undefined) {
    const why = adopted === 0 ? ' (it is not longer than the chain that was there)' : '';
    return writeLine(`${adopted} blocks adopted${why}: ${now}`);
  }
  const kept = adopted === 0 ? 'nothing was adopted' : `${adopted} blocks before it stay adopted`;
  await tellBroken(broken, file, `${kept}: ${now}`);
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
  ledger: OfflineLedger,
  input: TextInput,
): Promise<BrokenChain | NoChain | undefined> {
  let read = 1;
  const end = showProgress('Importing', () => ({
    done: input.bytesRead,
    total: input.size,
    text: plural(read, 'block'),
  }));
  let piece: Block[] = [];
  let bytes = 0;
  const flush = async () => {
    const extension = await ledger.extend(piece);
    if (extension !== 'extended' && extension !== 'known')
      throw new CliError(
        'refused',
        'the chain leaves the one that is there too early: too much would have to be kept aside',
      );
    piece = [];
    bytes = 0;
  };
  try {
    for await (const block of blocks) {
      read = block.index;
      piece.push(block);
      bytes += block.bytes.length;
      if (bytes >= PIECE_BYTES) await flush();
    }
    await flush();
    return undefined;
  } catch (error) {
    if (!(error instanceof BrokenChain || isNoChain(error))) throw error;
    await flush();
    return error;
  } finally {
    end();
  }
}
