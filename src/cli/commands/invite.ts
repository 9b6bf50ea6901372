/** `invite`: shows the code by which others join a node's network. */
import type { Command } from 'commander';
import { renderUnicodeCompact } from 'uqr';
import type { InvitationAnswer } from '../answers.js';
import { clientCommand } from '../command.js';
import { isTerminal, lineRoom, note, writeLine } from '../output.js';
import { type ClientOptions, clientFor } from '../target.js';
import { paint } from '../terminal.js';

interface InviteOptions extends ClientOptions {
  readonly qr?: boolean;
}

export function inviteCommand(): Command {
  return clientCommand(
    'invite',
    'Show a code by which others join',
    'It holds the network (name, difficulty, first block) and where this node is: who starts a node with it needs no other setting. It is good for as long as the addresses are. It is no key: whoever reaches this node can connect without it, too.',
    ['invite', 'invite --qr', 'start --join gc1qqg…'],
  )
    .option('--qr', 'show the QR code in a pipe, too')
    .option('--no-qr', 'show the code alone')
    .action(invite);
}

async function invite({ qr = isTerminal(), ...options }: InviteOptions): Promise<void> {
  const client = await clientFor(options);
  const { text, value } = await client.invitation();
  if (options.json) return writeLine(text.trim());
  if (qr) await writeLine(`${qrText(value.code, lineRoom() ?? Number.POSITIVE_INFINITY)}\n`);
  await writeLine(value.code);
  if (isTerminal()) note(advice(value));
}

/** White on black, whatever the terminal's own colours: cameras want the quiet zone lighter than the code. */
function qrText(code: string, columns: number): string {
  // In capitals it takes QR's own alphabet for letters and digits: a third fewer squares.
  const lines = renderUnicodeCompact(code.toUpperCase(), { border: 2 }).split('\n');
  const width = lines[0]?.length ?? 0;
  if (width > columns) return `(The QR code needs a terminal ${width} characters wide.)`;
  return lines.map((line) => paint.bgBlack(paint.whiteBright(line))).join('\n');
}

/** Exported for its test. */
export function advice({ code, addresses }: InvitationAnswer): string {
  const here = addresses.every((address) => /^\/(ip4\/127\.|ip6\/::1\/)/.test(address));
  const where = here
    ? 'On this machine (the node listens on no other address)'
    : 'On another machine of this LAN';
  return `\n${where}:\n  $ gossipchain start --join ${code}`;
}
