/** `peers`: whom a node is connected to. */
import type { Command } from 'commander';
import { numberText } from '../../chain/index.js';
import type { PeerAnswer } from '../answers.js';
import { clientCommand } from '../command.js';
import { formatCount, formatTime, printable, shortHash, shortPeer } from '../format.js';
import { lineRoom, writeLine } from '../output.js';
import { type Column, table } from '../table.js';
import { type ClientOptions, clientFor } from '../target.js';

export function peersCommand(): Command {
  return clientCommand(
    'peers',
    'Show whom a node is connected to',
    'A narrow terminal shows the columns that matter most; a pipe gets all of them.',
    ['peers', 'peers --json'],
  ).action(peers);
}

async function peers(options: ClientOptions): Promise<void> {
  const client = await clientFor(options);
  const { text, value } = await client.peers();
  await writeLine(options.json ? text.trim() : peersText(value, lineRoom()));
}

const COLUMNS: readonly Column[] = [
  { title: 'name', least: 12 },
  { title: 'peer id', leftOut: 3 },
  // Where another node of IPv4 is reached fits.
  { title: 'address', least: 30 },
  { title: 'direction', leftOut: 2 },
  { title: 'since', leftOut: 1 },
  { title: 'round trip', short: 'rtt', align: 'right' },
  { title: 'blocks', align: 'right' },
  { title: 'head', least: 9, leftOut: 4 },
];

/** Exported for its test. */
export function peersText(peers: readonly PeerAnswer[], room: number | undefined): string {
  if (peers.length === 0)
    return 'No peers yet: others on this LAN are found by themselves; "connect" adds one by hand.';
  const terminal = room !== undefined;
  const rows = peers.map((peer) => [
    printable(peer.name),
    terminal ? shortPeer(peer.peer_id) : peer.peer_id,
    printable(withoutPeerId(peer.addresses[0] ?? '')),
    peer.direction,
    formatTime(Date.parse(peer.connected_at)),
    peer.rtt_ms === null ? '' : `${rounded(Number(numberText(peer.rtt_ms)))} ms`,
    peer.length === null ? '' : formatCount(peer.length),
    terminal ? shortHash(peer.head ?? '') : (peer.head ?? ''),
  ]);
  return table(COLUMNS, rows, room);
}

function withoutPeerId(address: string): string {
  return address.replace(/\/p2p\/[^/]+$/, '');
}

function rounded(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : formatCount(ms);
}
