/** `start`: runs a node. */
import { type Command, Option } from 'commander';
import { command, networkOptions } from '../command.js';
import {
  collect,
  difficulty,
  filled,
  hosts,
  nickname,
  portToBind,
  seconds,
  wholeNumber,
} from '../option-values.js';

export function startCommand(): Command {
  const made = command(
    'start',
    'Run a node',
    'It finds the other nodes on this LAN by itself, takes the longest valid chain among them, and passes on what is new. It runs until Ctrl-C; the other commands speak to it from another terminal.',
    [
      'start',
      'start --port 5001 --name second',
      'start --mine 10',
      'start --no-mdns --peer /ip4/192.168.1.20/tcp/4001',
      'start --join gc1qqg…',
      'start --manual --ephemeral',
    ],
  )
    .option('-p, --port <port>', 'control port (default: 5000, or the next free one)', portToBind)
    .option(
      '--host <address>',
      'address of the control port (default: this machine only); others need a token',
      filled,
    )
    .option('--allow-host <name>', 'another name that the control API answers to; may be repeated', hosts)
    .option(
      '--listen <multiaddr>',
      'where peers connect, like /ip4/0.0.0.0/tcp/4001; may be repeated',
      collect,
    )
    .option('--peer <multiaddr>', 'a peer to connect to; may be repeated', collect)
    .addOption(
      new Option(
        '--join <code>',
        'join the network of an invitation (see "invite"): no other setting needed',
      ).conflicts(['network', 'difficulty', 'genesis']),
    )
    .option('--no-mdns', 'do not look for peers on this LAN')
    .option('--name <nickname>', "what other nodes call this one (default: this machine's name)", nickname);
  return networkOptions(made, difficulty)
    .addOption(
      new Option('--data-dir <dir>', 'where to keep the chain (default: one a network and port)')
        .argParser(filled)
        .conflicts('ephemeral'),
    )
    .option('--ephemeral', "keep nothing on disk; of others' blocks it takes 32 MiB, and then 1 KiB a second")
    .option('--mine [seconds]', 'mine by itself, on average every so many seconds (default: 10)', seconds)
    .option(
      '--threads <count>',
      'threads that search for proofs (default: one less than cores)',
      wholeNumber(1, 1024),
    )
    .addOption(
      new Option('--manual', 'change the chain only on "mine" and "resolve", as the tutorial does').conflicts(
        'mine',
      ),
    )
    .addOption(
      new Option('--token <token>', 'token that the control API asks for; better kept in a file').conflicts(
        'tokenFile',
      ),
    )
    .option('--token-file <file>', 'file with that token (or set GOSSIPCHAIN_TOKEN)', filled)
    .action(async (_options, self: Command) => {
      // All of a node is loaded here, before it runs.
      const { runNode } = await import('../run-node.js');
      await runNode(self.optsWithGlobals());
    });
}
