/** `status`: how a node is doing. */
import type { Command } from 'commander';
import type { StatusAnswer } from '../answers.js';
import { clientCommand } from '../command.js';
import { formatCount, formatDuration, formatRate, plural, printable } from '../format.js';
import { isTerminal, writeLine } from '../output.js';
import { facts } from '../table.js';
import { type ClientOptions, clientFor } from '../target.js';

export function statusCommand(): Command {
  return clientCommand('status', 'Show how a node is doing', '', [
    'status',
    'status --port 5001 --json',
  ]).action(status);
}

async function status(options: ClientOptions): Promise<void> {
  const client = await clientFor(options);
  const { text, value } = await client.status();
  await writeLine(options.json ? text.trim() : statusText(value, client.base.href, isTerminal()));
}

/** Exported for its test. */
export function statusText(status: StatusAnswer, url: string, terminal: boolean): string {
  const { name, network, network_id, difficulty, length, head, peers, pending, mining, tied_heads } = status;
  return facts(
    [
      ['name', printable(name)],
      ['peer id', status.peer_id],
      ['network', `${printable(network)} (${network_id}), difficulty ${difficulty}`],
      ['chain', plural(length, 'block')],
      ['head', head],
      ...tied_heads.map((tied) => ['tied with', `${tied} (as long: the next block decides)`] as const),
      ['peers', formatCount(peers)],
      ['pending', plural(pending, 'transaction')],
      ['mining', mining === null ? 'no' : miningText(mining)],
      ['control', url],
      ...status.addresses.map((address, at) => [at === 0 ? 'addresses' : '', address] as const),
      ['version', status.version],
    ],
    terminal,
  );
}

function miningText({ index, tried, rate }: NonNullable<StatusAnswer['mining']>): string {
  // By the node's clock, which need not be this machine's.
  const running = formatDuration(Number(rate) > 0 ? Number(tried) / Number(rate) : 0);
  return `block ${index}: ${formatCount(tried)} tries in ${running}, ${formatRate(Number(rate))} a second`;
}
