/** `chain`: shows a node's chain. */
import type { Command } from 'commander';
import { type Block, numberText } from '../../chain/index.js';
import { chainPages } from '../chain-pages.js';
import { clientCommand } from '../command.js';
import { formatCount, formatTimestamp, plural, printable, shortHash, shortPeer } from '../format.js';
import { count } from '../option-values.js';
import { lineRoom, note, write, writeLine } from '../output.js';
import { type FixedColumn, tablePage } from '../table.js';
import { type ClientOptions, clientFor } from '../target.js';

interface ChainOptions extends ClientOptions {
  readonly from?: number;
  readonly limit?: number;
}

export function chainCommand(): Command {
  return clientCommand('chain', "Show a node's chain", 'One block a line, the oldest first.', [
    'chain',
    'chain --from 100 --limit 20',
    'chain --json > chain.json',
  ])
    .option('--from <index>', 'the first block to show', count)
    .option('--limit <count>', 'how many blocks to show', count)
    .action(chain);
}

async function chain(options: ChainOptions): Promise<void> {
  const client = await clientFor(options);
  if (options.json) {
    for await (const chunk of await client.chain(options.from, options.limit)) await write(chunk);
    return writeLine('');
  }
  const { from = 1, limit = Number.POSITIVE_INFINITY } = options;
  const room = lineRoom();
  let isFirst = true;
  for await (const rows of chainPages(client, from, limit, (block) => rowOf(block, room !== undefined))) {
    if (rows.length === 0) {
      const { length } = (await client.status()).value;
      return note(`The chain has ${plural(length, 'block')}: there is none from ${formatCount(from)} on.`);
    }
    await writeLine(pageText(rows, isFirst, room));
    isFirst = false;
  }
}

const COLUMNS: readonly FixedColumn[] = [
  { title: 'index', width: 8, align: 'right' },
  { title: 'time', width: 19 },
  { title: 'hash', width: 13, least: 9 },
  { title: 'proof', width: 10, align: 'right', least: 8, leftOut: 1 },
  { title: 'transactions', short: 'txs', width: 12, align: 'right', least: 5, leftOut: 2 },
  { title: 'mined by', width: 14, least: 12 },
];
/** A pipe gets hashes whole: they may be looked for. */
const PLAIN_COLUMNS = COLUMNS.map((column) => (column.title === 'hash' ? { ...column, width: 64 } : column));

/** Exported for its test. */
export function pageText(rows: readonly string[][], isFirst: boolean, room: number | undefined): string {
  return tablePage(room === undefined ? PLAIN_COLUMNS : COLUMNS, rows, isFirst, room);
}

/** Exported for its test. */
export function rowOf(block: Block, terminal: boolean): string[] {
  const miner = printable(block.transactions.find(({ isReward }) => isReward)?.recipient ?? '');
  return [
    String(block.index),
    formatTimestamp(block.timestamp),
    terminal ? shortHash(block.hash) : block.hash,
    numberText(block.proof),
    String(block.transactions.length),
    terminal ? shortPeer(miner) : miner,
  ];
}
