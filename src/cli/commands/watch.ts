/** `watch`: shows what happens at a node, as it happens. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { ControlClient } from '../client.js';
import { clientCommand } from '../command.js';
import { CliError } from '../errors.js';
import { EventLines } from '../event-line.js';
import { LongSearch } from '../long-search.js';
import { isTerminal, note, writeLine } from '../output.js';
import { type ClientOptions, clientFor } from '../target.js';

export function watchCommand(): Command {
  return clientCommand(
    'watch',
    'Show what happens at a node, as it happens',
    'Who joins and leaves; each block, from whom it came and how long after it was found, by the clocks of both machines; transactions, forks, replaced chains, mining. Ctrl-C ends it.',
    ['watch', 'watch --json'],
  ).action(watch);
}

/** The node sends a sign of life more often than this, in ms. */
const SILENT_MS = 60_000;
const MIN_RETRY_MS = 250;
const MAX_RETRY_MS = 5000;

async function watch(options: ClientOptions): Promise<void> {
  const end = () => process.exit(0);
  process.once('SIGINT', end).once('SIGTERM', end);
  const client = await clientFor(options);
  let lastEventId: string | undefined;
  let stream = await client.events(undefined, SILENT_MS);
  const show = options.json ? showJson : await lineShower(client);
  for (;;) {
    try {
      for await (const message of messagesOf(stream, (id) => (lastEventId = id))) {
        lastEventId = message.id ?? lastEventId;
        await show(message);
      }
    } catch (error) {
      if (!isLost(error)) throw error;
    }
    note(`The connection to ${client.base} is lost: trying again …`);
    stream = await reconnected(client, lastEventId);
    note('Connected again.');
  }
}

/** Tries, at growing intervals, until the node is back. */
async function reconnected(
  client: ControlClient,
  lastEventId: string | undefined,
): Promise<AsyncIterable<string>> {
  for (let waitMs = MIN_RETRY_MS; ; waitMs = Math.min(2 * waitMs, MAX_RETRY_MS)) {
    await delay(waitMs);
    try {
      return await client.events(lastEventId, SILENT_MS);
    } catch (error) {
      if (!isLost(error)) throw error;
    }
  }
}

/** What the node refuses it will refuse again. */
function isLost(error: unknown): boolean {
  return error instanceof CliError && error.code === 'no-node';
}

const MAX_EVENT_CHARACTERS = 8 << 20;

/** @param begun takes the id that the stream begins with, before any event */
async function* messagesOf(
  chunks: AsyncIterable<string>,
  begun: (id: string) => void,
): AsyncGenerator<EventSourceMessage> {
  let messages: EventSourceMessage[] = [];
  const parser = createParser({
    onEvent: (message) => messages.push(message),
    maxBufferSize: MAX_EVENT_CHARACTERS,
  });
  let isFirst = true;
  for await (const chunk of chunks) {
    // The parser keeps an id that has no event to itself.
    const id = isFirst ? /^id: (\S+)$/m.exec(chunk)?.[1] : undefined;
    if (id !== undefined) begun(id);
    isFirst = false;
    parser.feed(chunk);
    yield* messages;
    messages = [];
  }
}

/** Knows the names of those who are there already. */
async function lineShower(client: ControlClient): Promise<(message: EventSourceMessage) => Promise<void>> {
  const lines = new EventLines(isTerminal());
  const { value: peers } = await client.peers();
  for (const { peer_id, name } of peers) lines.met(peer_id, name);
  const search = new LongSearch();
  return async ({ event = 'message', data }) => {
    const show = () => writeLine(lines.line(event, data));
    if (event !== 'mining') return show();
    if (/"state": ?"started"/.test(data)) search.begun(() => void show());
    else if (!/"state": ?"restarted"/.test(data)) search.ended();
  };
}

/** The data stays as it came, every number as it was written. */
async function showJson({ event = 'message', id, data }: EventSourceMessage): Promise<void> {
  const fields = [
    `"event": ${JSON.stringify(event)}`,
    ...(id === undefined ? [] : [`"id": ${JSON.stringify(id)}`]),
  ];
  await writeLine(`{${fields.join(', ')}, "data": ${data.replaceAll('\n', ' ')}}`);
}
