/** `peers`: whom a node is connected to. */
import type { Command } from 'commander';
import { numberText } from '../../chain/index.js';
import type { PeerAnswer } from '../answers.js';
import { clientCommand } from '../command.js';
import { formatCount, formatTime, printable, shortHash, shortPeer } from '../format.js';
import { isTerminal, writeLine } from '../output.js';
import { type Column, table } from '../table.js';
import { type ClientOptions, clientFor } from '../target.js';

export function peersCommand(): Command {
  return clientCommand('peers', 'Show whom a node is connected to', '', ['peers', 'peers --json']).action(
    peers,
  );
}

async function peers(options: ClientOptions): Promise<void> {
  const client = await clientFor(options);
  const { text, value } = await client.peers();
  await writeLine(options.json ? text.trim() : peersText(value, isTerminal()));
}

const COLUMNS: readonly Column[] = [
  { title: 'name' },
  { title: 'peer id' },
  { title: 'address' },
  { title: 'direction' },
  { title: 'since' },
  { title: 'round trip', align: 'right' },
  { title: 'blocks', align: 'right' },
  { title: 'head' },
];

/** Exported for its test. */
export function peersText(peers: readonly PeerAnswer[], terminal: boolean): string {
  if (peers.length === 0)
    return 'No peers yet: others on this LAN are found by themselves; "connect" adds one by hand.';
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
  return table(COLUMNS, rows, terminal);
}

function withoutPeerId(address: string): string {
  return address.replace(/\/p2p\/[^/]+$/, '');
}

function rounded(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : formatCount(ms);
}
