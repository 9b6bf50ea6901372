/** An event of a node's stream as one line for a person. */
import colors from 'picocolors';
import { isJsonNumber, isJsonObject, JsonError, numberText, parseJson } from '../chain/index.js';
import { formatTime, plural, printable, shortHash, shortName, shortPeer } from './format.js';

type Data = Record<string, unknown>;

/**
 * @param name of the event
 * @param json its data, as the stream has it
 */
export function eventLine(name: string, json: string, terminal: boolean): string {
  const data = dataOf(json);
  const at = typeof data.at === 'string' ? Date.parse(data.at) : Number.NaN;
  const time = formatTime(Number.isNaN(at) ? Date.now() : at);
  const text = printable(LINES[name]?.(data) ?? `${name} ${json}`);
  const label = name.padEnd(11);
  return terminal ? `${colors.dim(time)}  ${colors.cyan(label)}  ${text}` : `${time}  ${label}  ${text}`;
}

function dataOf(json: string): Data {
  try {
    const value = parseJson(json);
    return isJsonObject(value) ? value : {};
  } catch (error) {
    if (error instanceof JsonError) return {};
    throw error;
  }
}

/** What each event says, by its name. */
const LINES: Record<string, (data: Data) => string> = {
  block: (data) => {
    const { block, hash, source, from } = data;
    const { index, transactions } = objectOf(block);
    const how = source === 'own' ? 'mined here' : `from ${peerText(from)}`;
    const count = Array.isArray(transactions) ? transactions.length : 0;
    return `block ${textOf(index)}  ${shortHash(textOf(hash))}  ${plural(count, 'transaction')}  ${how}`;
  },
  transaction: ({ id, transaction, from }) => {
    const { sender, recipient, amount } = objectOf(transaction);
    const names = `${shortName(textOf(sender))} → ${shortName(textOf(recipient))}: ${textOf(amount)}`;
    return `${shortHash(textOf(id))}  ${names}  ${from === null ? 'sent here' : `from ${peerText(from)}`}`;
  },
  peer: ({ peer_id, name, change }) =>
    `${peerText(peer_id)}${name === '' || name === undefined ? '' : ` (${textOf(name)})`} ${textOf(change)}`,
  reorg: ({ fork, removed, added, new_head, from }) => {
    const { length, hash } = objectOf(new_head);
    const blocks = `${textOf(removed)} out, ${textOf(added)} in after block ${textOf(fork)}`;
    return `chain replaced: ${blocks}; block ${textOf(length)}  ${shortHash(textOf(hash))}  from ${peerText(from)}`;
  },
  mining: ({ state, index }) => `${textOf(state)}: block ${textOf(index)}`,
  reset: ({ reason }) => `some events were missed (${textOf(reason)})`,
};

function objectOf(value: unknown): Data {
  return isJsonObject(value) ? value : {};
}

function textOf(value: unknown): string {
  if (isJsonNumber(value)) return numberText(value);
  return typeof value === 'string' ? value : '?';
}

function peerText(value: unknown): string {
  return value === null ? 'this node' : shortPeer(textOf(value));
}
