/** `export`: writes the chain of a data directory that no node is using. */
import { constants, rmSync } from 'node:fs';
import { access, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { ChainSnapshot } from '../../storage/index.js';
import { command, networkOptions } from '../command.js';
import { CliError, systemReason } from '../errors.js';
import { plural } from '../format.js';
import { type LedgerOptions, ledgerPlace } from '../ledger-options.js';
import { difficulty, filled } from '../option-values.js';
import { isTerminal, note, write } from '../output.js';
import { showProgress } from '../progress.js';

export function exportCommand(): Command {
  const made = command(
    'export',
    'Write the chain of a data directory to a file',
    'The file is what GET /chain answers: {"chain": [ … ], "length": N}. No node may be using the directory; of a running one, "gossipchain chain --json" shows the same.',
    ['export chain.json', 'export chain.json --data-dir ./node-a', 'export > chain.json'],
  )
    .argument('[file]', 'the file to write; - for standard output, as where none is named')
    .option('--data-dir <dir>', 'the data directory (default: that of a node on port 5000)', filled);
  return networkOptions(made, difficulty).action(exportChain);
}

async function exportChain(name: string | undefined, options: LedgerOptions): Promise<void> {
  const file = name === '-' ? undefined : name;
  const { directory, spec, exists } = await ledgerPlace(options);
  if (!exists)
    throw new CliError('bad-file', `there is no chain in ${directory}: name another by --data-dir`);
  await mustBeWritable(directory);
  const { openLedger } = await import('../../node/offline.js');
  await using ledger = await openLedger(directory, spec);
  const snapshot = await ledger.snapshot();
  try {
    if (file === undefined) await writeChain(snapshot, write);
    else await writeTo(file, (writeText) => writeChain(snapshot, writeText));
  } finally {
    await snapshot.close();
  }
  if (file !== undefined)
    note(`${plural(snapshot.head.length, 'block')} written to ${file}, head ${snapshot.head.hash}`);
}

/** LevelDB writes to what it opens, if only to read it. */
async function mustBeWritable(directory: string): Promise<void> {
  try {
    await access(join(directory, 'chain'), constants.W_OK);
  } catch (error) {
    throw new CliError(
      'bad-file',
      `${directory} may not be written to (${systemReason(error)}), as is needed to open its chain: copy it to where you may write, and name the copy by --data-dir`,
    );
  }
}

type WriteText = (text: string) => Promise<unknown>;
type Fill = (writeText: WriteText) => Promise<void>;

const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** About how much text is written at once, in characters. */
const PIECE_CHARACTERS = 1 << 18;

async function writeChain(snapshot: ChainSnapshot, writeText: WriteText): Promise<void> {
  const { length } = snapshot.head;
  let done = 0;
  const progress = () => ({ done, total: length, text: plural(done, 'block') });
  // Where a person sees each block, that shows how far it has come.
  const end = writeText === write && isTerminal() ? undefined : showProgress('Exporting', progress);
  try {
    let piece = '{"chain": [';
    for await (const bytes of snapshot.bytes(1, length)) {
      piece += `${done++ === 0 ? '' : ', '}${Buffer.from(bytes).toString('latin1')}`;
      if (piece.length < PIECE_CHARACTERS) continue;
      await writeText(piece);
      piece = '';
    }
    await writeText(`${piece}], "length": ${length}}\n`);
  } finally {
    end?.();
  }
}

async function writeTo(file: string, fill: Fill): Promise<void> {
  try {
    const found = await stat(file).catch(() => undefined);
    if (found === undefined) await replaceFile(file, fill);
    // What a link leads to is replaced, not the link.
    else if (found.isFile()) await replaceFile(await realpath(file), fill);
    // A pipe or a device is written to as it is.
    else await fillFile(file, 'w', fill);
  } catch (error) {
    const isSystem = error instanceof Error && 'syscall' in error;
    throw isSystem ? new CliError('bad-file', `cannot write ${file}: ${systemReason(error)}`) : error;
  }
}

/** The file is as it was, or whole. */
async function replaceFile(file: string, fill: Fill): Promise<void> {
  const aside = `${file}.${process.pid}.tmp`;
  const removed = removedWhenStopped(aside);
  try {
    await fillFile(aside, 'wx', fill);
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  } finally {
    removed();
  }
}

async function fillFile(file: string, flags: 'w' | 'wx', fill: Fill): Promise<void> {
  const handle = await open(file, flags);
  try {
    await fill((text) => handle.appendFile(text));
    // A pipe has no disk behind it.
    if ((await handle.stat()).isFile()) await handle.sync();
  } finally {
    await handle.close();
  }
}

/** @returns ends it */
function removedWhenStopped(file: string): () => void {
  const stopped = (signal: NodeJS.Signals) => {
    rmSync(file, { force: true });
    // Nobody listens to it any more: the signal does what it does.
    process.kill(process.pid, signal);
  };
  for (const signal of STOP_SIGNALS) process.once(signal, stopped);
  return () => {
    for (const signal of STOP_SIGNALS) process.off(signal, stopped);
  };
}
