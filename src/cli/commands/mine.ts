/** `mine`: has a node forge blocks. */
import type { Command } from 'commander';
import type { StatusAnswer } from '../answers.js';
import type { ControlClient } from '../client.js';
import { clientCommand } from '../command.js';
import { EXIT_MISTAKE } from '../errors.js';
import { formatCount, formatDuration, formatRate, plural } from '../format.js';
import { count } from '../option-values.js';
import { writeLine } from '../output.js';
import { type ClientOptions, clientFor } from '../target.js';
import { canRedraw } from '../terminal.js';

export function mineCommand(): Command {
  return clientCommand(
    'mine',
    'Have a node mine blocks',
    'The node searches for a proof, puts the transactions that wait into a block, and is paid 1 for it.',
    ['mine', 'mine 5', 'mine --port 5001 --json'],
  )
    .argument('[count]', 'how many blocks, one after the other', count, 1)
    .action(mine);
}

async function mine(blocks: number, options: ClientOptions): Promise<void> {
  const client = await clientFor(options);
  // A reader that goes away ends it before all are forged.
  process.exitCode = EXIT_MISTAKE;
  for (let i = 0; i < blocks; i++) {
    const start = performance.now();
    const { text, value } = await withSearchShown(client, () => client.mine());
    const took = formatDuration((performance.now() - start) / 1000);
    const { index, proof, transactions } = value;
    const line = `Block ${index} forged: proof ${proof}, ${plural(transactions.length, 'transaction')}, ${took}`;
    if (i + 1 === blocks) process.exitCode = 0;
    await writeLine(options.json ? text.trim() : line);
  }
}

const LOOK_MS = 250;

/** Shows a person how the search is going, if it takes longer than a second. */
async function withSearchShown<T>(client: ControlClient, task: () => Promise<T>): Promise<T> {
  if (!canRedraw(process.stderr)) return task();
  const { showProgress } = await import('../progress.js');
  let status: StatusAnswer | undefined;
  const timer = setInterval(() => {
    // What is shown may be late; the search itself tells of what goes wrong.
    client.status().then(
      ({ value }) => (status = value),
      () => {},
    );
  }, LOOK_MS);
  const end = showProgress('Mining', () => ({ done: 0, total: undefined, text: searchText(status) }));
  try {
    return await task();
  } finally {
    clearInterval(timer);
    end();
  }
}

function searchText(status: StatusAnswer | undefined): string {
  if (!status?.mining) return 'waiting';
  const { index, tried, rate } = status.mining;
  const expected = formatCount(16 ** status.difficulty);
  return `block ${index}: ${formatCount(tried)} tries, ${formatRate(Number(rate))} a second (a proof takes ${expected} on average)`;
}
