/** What the commands' definitions share. */
import { Command, Option } from 'commander';
import { controlUrl, filled, port } from './option-values.js';

/** A command with its description and examples; its options are said by its own file. */
export function command(
  name: string,
  summary: string,
  details: string,
  examples: readonly string[],
): Command {
  const lines = examples.map((example) => `  $ gossipchain ${example}`);
  return new Command(name)
    .summary(summary)
    .description(`${summary}.${details === '' ? '' : `\n\n${details}`}`)
    .addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

/** A command that speaks to a running node. */
export function clientCommand(
  name: string,
  summary: string,
  details: string,
  examples: readonly string[],
): Command {
  return command(name, summary, details, examples)
    .option(
      '-p, --port <port>',
      'control port of a node on this machine (default: the only running node)',
      port,
    )
    .addOption(
      new Option('--url <url>', 'address of a control API, like http://192.168.1.20:5000/')
        .argParser(controlUrl)
        .conflicts('port'),
    )
    .addOption(
      new Option('--token <token>', 'token of the control API, where it asks for one').conflicts('tokenFile'),
    )
    .option('--token-file <file>', 'file with that token (or set GOSSIPCHAIN_TOKEN)', filled)
    .option('--json', 'print what the node answers, as JSON');
}

/** The options that say which network's data directory is meant. */
export function networkOptions(of: Command, parseDifficulty: (text: string) => number): Command {
  return of
    .option(
      '--network <name>',
      'name of the network (default: that of the chain in --data-dir, or gossipchain)',
    )
    .option(
      '--difficulty <zeros>',
      'zeros that a proof must begin with (default: those of the chain in --data-dir, or 4)',
      parseDifficulty,
    )
    .option('--genesis <file>', 'file with the first block, or with a chain that begins with it');
}
