/** All commands, and what a mistake in their arguments gets. */
import { Command, CommanderError, Option } from 'commander';
import { VERSION } from '../version.js';
import { benchCommand } from './commands/bench.js';
import { chainCommand } from './commands/chain.js';
import { connectCommand } from './commands/connect.js';
import { doctorCommand } from './commands/doctor.js';
import { exportCommand } from './commands/export.js';
import { importCommand } from './commands/import.js';
import { inviteCommand } from './commands/invite.js';
import { mineCommand } from './commands/mine.js';
import { peersCommand } from './commands/peers.js';
import { pendingCommand } from './commands/pending.js';
import { resolveCommand } from './commands/resolve.js';
import { sendCommand } from './commands/send.js';
import { startCommand } from './commands/start.js';
import { statusCommand } from './commands/status.js';
import { verifyCommand } from './commands/verify.js';
import { watchCommand } from './commands/watch.js';
import { CliError } from './errors.js';
import { printable } from './format.js';
import { LOG_LEVELS } from './log-level.js';

export function createProgram(): Command {
  const program = new Command('gossipchain')
    .description(
      'A node of a small blockchain: nodes on a LAN find each other, pass transactions and blocks on, and agree on the longest valid chain.',
    )
    .version(VERSION, '-V, --version', 'print the version')
    .addOption(new Option('--log-level <level>', 'how much is logged').choices(LOG_LEVELS).default('info'))
    .helpOption('-h, --help', 'show this help')
    .addHelpCommand(
      new Command('help').argument('[command]').summary('Show the help of a command').helpGroup('Help:'),
    )
    .configureHelp({
      showGlobalOptions: true,
      subcommandTerm: (sub) => `${sub.name()} ${argumentsOf(sub)}`.trim(),
    })
    .addHelpText(
      'after',
      '\nTo begin:\n  $ gossipchain start            runs a node; do the same in another terminal for a second one\n  $ gossipchain mine             has it mine a block\n  $ gossipchain send --to bob --amount 5\n  $ gossipchain chain            shows the chain',
    );
  const groups: [string, Command[]][] = [
    ['A node:', [startCommand()]],
    [
      'With a running node:',
      [
        mineCommand(),
        sendCommand(),
        chainCommand(),
        statusCommand(),
        peersCommand(),
        pendingCommand(),
        inviteCommand(),
        connectCommand(),
        resolveCommand(),
        watchCommand(),
        doctorCommand(),
      ],
    ],
    ['Without a node:', [verifyCommand(), exportCommand(), importCommand(), benchCommand()]],
  ];
  for (const [group, commands] of groups)
    for (const command of commands)
      program.addCommand(command.helpGroup(group).copyInheritedSettings(program));
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeErr: () => {}, outputError: () => {} });
  }
  return program;
}

function argumentsOf(command: Command): string {
  return command.registeredArguments
    .map((argument) => {
      const name = argument.variadic ? `${argument.name()}…` : argument.name();
      return argument.required ? name : `[${name}]`;
    })
    .join(' ');
}

/**
 * Runs one command line.
 *
 * @param args without the program's own name
 * @throws CliError and what the command throws; asked for help or version, it prints that
 */
export async function run(args: readonly string[]): Promise<void> {
  const program = createProgram();
  if (args.length === 0) {
    program.outputHelp();
    return;
  }
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.help' && error.exitCode !== 0) throw new CliError('usage', noCommand(args));
    if (error.exitCode !== 0) throw new CliError('usage', mistakeText(error.message));
  }
}

/** Commander shows its help where a command is missing or, asked for help, unknown. */
function noCommand(args: readonly string[]): string {
  const [first, named] = args;
  return first === 'help' && named !== undefined
    ? `unknown command '${printable(named)}': see gossipchain --help`
    : 'name a command: see gossipchain --help';
}

/** @example mistakeText("error: unknown option '--prot'\n(Did you mean --port?)") */
function mistakeText(message: string): string {
  const [first = '', ...rest] = message.replace(/^error: /, '').split('\n');
  return [first, ...rest]
    .map((line) => line.trim())
    .join(' ')
    .trim();
}
