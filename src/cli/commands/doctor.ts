/** `doctor`: why nodes do not see each other, and what to do. */
import type { Command } from 'commander';
import { clientCommand, networkOptions } from '../command.js';
import type { LedgerOptions } from '../ledger-options.js';
import { difficulty, filled } from '../option-values.js';
import type { ClientOptions } from '../target.js';

export function doctorCommand(): Command {
  const made = clientCommand(
    'doctor',
    'Tell what keeps nodes from seeing each other',
    'Looks at interfaces, multicast, peers, other networks, clocks and the disk, and says what to do. Asks the running node; without one it looks at this machine alone. The exit code is 0 when nothing is in the way, 1 when something is, 2 when the node itself does not answer.',
    ['doctor', 'doctor --port 5001 --json'],
  );
  return networkOptions(made, difficulty)
    .option(
      '--data-dir <dir>',
      'the data directory that is meant (default: that of the running node)',
      filled,
    )
    .action(async (options: ClientOptions & LedgerOptions) => {
      // It speaks with the network itself, and all of that is loaded here.
      const { runDoctor } = await import('../doctor/run.js');
      await runDoctor(options);
    });
}
