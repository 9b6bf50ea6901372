/** `verify`: checks a chain file, ours or a Python node's, without any node. */
import type { Command } from 'commander';
import { type Block, createNetwork, InvalidBlock, rulesOf } from '../../chain/index.js';
import { BrokenChain, checkedChain, isNoChain } from '../chain-check.js';
import { command } from '../command.js';
import { CliError, EXIT_INVALID, EXIT_MISTAKE } from '../errors.js';
import { plural, printable } from '../format.js';
import { readGenesis } from '../genesis-file.js';
import { difficulty, hash } from '../option-values.js';
import { isTerminal, write, writeLine } from '../output.js';
import { showProgress } from '../progress.js';
import { nameOf, openText, type TextInput } from '../text-input.js';

interface VerifyOptions {
  readonly difficulty: number;
  readonly genesis?: string;
  readonly head?: string;
  readonly verbose?: true;
}

export function verifyCommand(): Command {
  return command(
    'verify',
    'Check a chain in a file by the rules of the tutorial',
    'The file is what GET /chain answers, from a node like this one or from a Python node: {"chain": [ … ]}.\nExit code 0: valid; 1: invalid; 2: unreadable.',
    ['verify chain.json', 'verify chain.json --head 16812f95…', 'chain --json | gossipchain verify -'],
  )
    .argument('<file>', 'the file; - for what is piped in')
    .option('--difficulty <zeros>', 'zeros that a proof must begin with', difficulty, 4)
    .option(
      '--genesis <file>',
      'file with the only first block to be accepted, or with a chain that begins with it',
    )
    .option('--head <hash>', 'hash that the last block must have', hash)
    .option('--verbose', "print each block as the tutorial's valid_chain does")
    .action(verify);
}

async function verify(file: string, options: VerifyOptions): Promise<void> {
  // Until there is a verdict: a reader that goes away before it has not been told that the chain is valid.
  process.exitCode = EXIT_MISTAKE;
  const genesis = options.genesis === undefined ? undefined : await readGenesis(options.genesis);
  await using input = await openText(file);
  try {
    const last = await lastOf(input, options, genesis);
    if (options.head !== undefined && last.hash !== options.head)
      throw new BrokenChain(last.index, `its hash is ${last.hash}, not that of the head given`);
    process.exitCode = 0;
    await writeLine(`valid: ${last.index} blocks, head ${last.hash}`);
    if (options.head === undefined)
      await writeLine(
        'Nothing in the chain confirms the content of its last block: --head HASH does, with a hash you trust.',
      );
  } catch (error) {
    if (error instanceof BrokenChain) {
      process.exitCode = EXIT_INVALID;
      await writeLine(printable(error.message));
    } else if (isNoChain(error)) {
      throw new CliError('bad-file', `cannot read ${nameOf(file)}: ${error.message}`);
    } else throw error;
  }
}

/** Checks the chain to its end. */
async function lastOf(input: TextInput, options: VerifyOptions, genesis: Block | undefined): Promise<Block> {
  const rules = rulesOf(createNetwork({ difficulty: options.difficulty }));
  let last: Block | undefined;
  const progress = () => ({
    done: input.bytesRead,
    total: input.size,
    text: plural(last?.index ?? 0, 'block'),
  });
  // Where a person sees each block, that shows how far it has come.
  const end = options.verbose && isTerminal() ? undefined : showProgress('Checking', progress);
  try {
    for await (const block of checkedChain(input.chunks, rules, (first) => checkIsGenesis(first, genesis))) {
      if (options.verbose && last !== undefined) await write(stepText(last, block));
      last = block;
    }
  } finally {
    end?.();
  }
  return last as Block; // a chain without a block is not valid
}

function checkIsGenesis(first: Block, genesis: Block | undefined): void {
  if (genesis !== undefined && first.hash !== genesis.hash)
    throw new InvalidBlock('bad-genesis', 'it is not the first block that --genesis names');
}

/** What the tutorial's valid_chain prints at each step. */
function stepText(last: Block, block: Block): string {
  return `${jsonOf(last)}\n${jsonOf(block)}\n\n-----------\n\n`;
}

function jsonOf(block: Block): string {
  return Buffer.from(block.bytes).toString('latin1');
}
