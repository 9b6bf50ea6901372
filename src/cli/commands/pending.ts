/** `pending`: the transactions that wait for a block. */
import type { Command } from 'commander';
import { numberText } from '../../chain/index.js';
import type { PendingAnswer } from '../answers.js';
import { clientCommand } from '../command.js';
import { formatTime, printable, shortHash, shortName, shortPeer } from '../format.js';
import { lineRoom, writeLine } from '../output.js';
import { type Column, table } from '../table.js';
import { type ClientOptions, clientFor } from '../target.js';

export function pendingCommand(): Command {
  return clientCommand(
    'pending',
    'Show the transactions that wait for a block',
    'A narrow terminal shows the columns that matter most; a pipe gets all of them.',
    ['pending', 'pending --json'],
  ).action(pending);
}

async function pending(options: ClientOptions): Promise<void> {
  const client = await clientFor(options);
  const { text, value } = await client.pending();
  await writeLine(options.json ? text.trim() : pendingText(value, lineRoom()));
}

const COLUMNS: readonly Column[] = [
  { title: 'id', least: 9 },
  { title: 'from', least: 17 },
  { title: 'to', least: 17 },
  { title: 'amount', align: 'right' },
  { title: 'received', leftOut: 2 },
  { title: 'by way of', leftOut: 1 },
];

/** Exported for its test. */
export function pendingText(entries: readonly PendingAnswer[], room: number | undefined): string {
  if (entries.length === 0) return 'No transaction is waiting.';
  const terminal = room !== undefined;
  const rows = entries.map(({ id, transaction, received_at, from }) => [
    terminal ? shortHash(id) : id,
    printable(terminal ? shortName(transaction.sender) : transaction.sender),
    printable(terminal ? shortName(transaction.recipient) : transaction.recipient),
    numberText(transaction.amount),
    formatTime(Date.parse(received_at)),
    from === null ? 'this node' : terminal ? shortPeer(from) : from,
  ]);
  return table(COLUMNS, rows, room);
}
