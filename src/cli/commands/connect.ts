/** `connect`: tells a node of others. */
import type { Command } from 'commander';
import { clientCommand } from '../command.js';
import { plural, printable } from '../format.js';
import { writeLine } from '../output.js';
import { showWork } from '../progress.js';
import { type ClientOptions, clientFor } from '../target.js';

export function connectCommand(): Command {
  return clientCommand(
    'connect',
    'Connect a node to others',
    'Needed only where nodes do not find each other: on another subnet, where multicast is dropped, or with --no-mdns. The connection is kept up from then on. host:port does only where that node was started with --host: by default its control API answers its own machine alone.',
    ['connect gc1qqg…', 'connect /ip4/192.168.1.20/tcp/4001', 'connect 192.168.1.20:5000'],
  )
    .argument('<node...>', 'the code of an invitation, a multiaddr, or host:port or URL of a control API')
    .action(connect);
}

async function connect(nodes: string[], options: ClientOptions): Promise<void> {
  const client = await clientFor(options);
  const { text, value } = await showWork('Connecting', client.register(nodes));
  if (options.json) return writeLine(text.trim());
  const all = value.total_nodes.map((address) => `  ${printable(address)}`);
  await writeLine(
    [`${value.message}. ${plural(all.length, 'address', 'addresses')} of peers:`, ...all].join('\n'),
  );
}
