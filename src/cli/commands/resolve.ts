/** `resolve`: has a node take the longest chain of its peers. */
import type { Command } from 'commander';
import type { AnswerTo } from '../answers.js';
import { clientCommand } from '../command.js';
import { plural, printable } from '../format.js';
import { write, writeLine } from '../output.js';
import { showWork } from '../progress.js';
import { type ClientOptions, clientFor } from '../target.js';

export function resolveCommand(): Command {
  return clientCommand(
    'resolve',
    'Ask all peers for their chains and take the longest valid one',
    'Nodes do so by themselves all the time, unless started with --manual.',
    ['resolve', 'resolve --port 5001'],
  ).action(resolve);
}

async function resolve(options: ClientOptions): Promise<void> {
  const client = await clientFor(options);
  const text = await showWork('Resolving', client.resolve());
  if (options.json) {
    for await (const chunk of text) await write(chunk);
    return writeLine('');
  }
  const message = await showWork('Reading the chain', messageOf(text));
  const [{ value }, { value: peers }] = await Promise.all([client.status(), client.peers()]);
  const { length, head } = value;
  await writeLine(`${printable(message)}: ${plural(length, 'block')}, head ${head}${comparedWith(peers)}`);
}

/** The message is the tutorial's, also where nobody was there to be asked. */
function comparedWith(peers: AnswerTo<'GET /peers'>): string {
  if (peers.length === 0) return ' (compared with nobody: no peer is connected)';
  return peers.some((peer) => peer.length !== null)
    ? ''
    : ' (compared with nobody: no peer has answered yet)';
}

const MAX_MESSAGE_CHARACTERS = 4096;

/** The message stands before the chain, which is read to its end and not kept. */
async function messageOf(text: AsyncIterable<string>): Promise<string> {
  let start = '';
  for await (const chunk of text) {
    if (start.length < MAX_MESSAGE_CHARACTERS) start += chunk.slice(0, MAX_MESSAGE_CHARACTERS);
  }
  return /"message"\s*:\s*"([^"\\]*)"/.exec(start)?.[1] ?? 'Done';
}
