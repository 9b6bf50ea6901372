/** `send`: has a node send a transaction. */
import type { Command } from 'commander';
import { isJsonNumber, type JsonNumber, parseJson } from '../../chain/index.js';
import { clientCommand } from '../command.js';
import { CliError } from '../errors.js';
import { nonce } from '../option-values.js';
import { writeLine } from '../output.js';
import { type ClientOptions, clientFor } from '../target.js';

interface SendOptions extends ClientOptions {
  readonly to: string;
  readonly amount: string;
  readonly from?: string;
  readonly nonce?: string;
}

export function sendCommand(): Command {
  return clientCommand(
    'send',
    'Send a transaction',
    'It waits at every node of the network until one of them mines a block. Names are just text: nothing is signed, and nobody checks who may spend what.',
    ['send --to bob --amount 5', 'send --from alice --to bob --amount 0.5'],
  )
    .requiredOption('--to <address>', 'who gets it: a peer id, or any name')
    .requiredOption('--amount <number>', 'how much, a number above 0')
    .option('--from <name>', 'who pays (default: the peer id of the node)')
    .option('--nonce <hex>', '32 hex digits; the same again is the same payment, not a second one', nonce)
    .action(send);
}

async function send(options: SendOptions): Promise<void> {
  const amount = readAmount(options.amount);
  const client = await clientFor(options);
  const sender = options.from ?? (await client.status()).value.peer_id;
  const fields = { sender, recipient: options.to, amount, nonce: options.nonce };
  const { text, value } = await client.sendTransaction(fields);
  await writeLine(options.json ? text.trim() : `${value.message}\nid ${value.id}`);
}

/** The number as it is written: 5.0 is another amount than 5. Whether it may be sent is the node's to say. */
function readAmount(text: string): JsonNumber {
  const wrong = new CliError(
    'usage',
    `--amount must be a number, such as 5 or 0.5, not ${JSON.stringify(text)}`,
  );
  try {
    const value = parseJson(text);
    if (isJsonNumber(value)) return value;
  } catch {
    throw wrong;
  }
  throw wrong;
}
