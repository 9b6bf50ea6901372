/** A node's events, each as one line for a person who watches. */
import { isJsonNumber, isJsonObject, JsonError, numberText, parseJson } from '../chain/index.js';
import { PeerNames } from '../peer-names.js';
import { formatDuration, formatTime, plural, printable, shortHash, shortName, shortPeer } from './format.js';
import { paint } from './terminal.js';

type Data = Record<string, unknown>;

/** A block that takes longer, in ms, does so hardly by its way: more likely a clock is wrong. */
const ODD_MS = 5_000;

/** What changes the chain stands out; what happens all the time does not. */
const COLOURS: Readonly<Record<string, (text: string) => string>> = {
  block: paint.green,
  fork: paint.yellow,
  reorg: paint.yellow,
  reset: paint.yellow,
  peer: paint.magenta,
  mining: paint.dim,
};

/** Remembers whom it has told of: those who leave, and those who pass blocks on, are named by what they call themselves. */
export class EventLines {
  readonly #names = new PeerNames();
  /** Index of our block that ties with another. */
  #tiedAt: number | undefined;

  constructor(private readonly terminal: boolean) {}

  /** A peer that was there before. */
  met(peerId: string, name: string): void {
    this.#names.met(peerId, name);
  }

  /**
   * @param name of the event
   * @param json its data, as the stream has it
   */
  line(name: string, json: string): string {
    const data = dataOf(json);
    const at = timeOf(data);
    const time = formatTime(at ?? Date.now());
    const say = Object.hasOwn(this.#text, name) ? this.#text[name] : undefined;
    const text = printable(say?.(data) ?? `${name} ${json}`);
    const label = printable(name).padEnd(11);
    if (!this.terminal) return `${time}  ${label}  ${text}`;
    const coloured = (Object.hasOwn(COLOURS, name) && COLOURS[name]) || paint.cyan;
    return `${paint.dim(time.slice(-8))}  ${coloured(label)}  ${text}`;
  }

  /** What each event says, by its name. */
  readonly #text: Record<string, (data: Data) => string> = {
    block: (data) => {
      const { index, transactions, timestamp } = objectOf(data.block);
      const list = Array.isArray(transactions) ? transactions : [];
      const block = `block ${textOf(index)}  ${shortHash(textOf(data.hash))}  ${plural(list.length, 'transaction')}`;
      const way = this.#way(data, timestamp, objectOf(list.at(-1)).recipient);
      return `${block}  ${way}${this.#decided(Number(textOf(index)) - 1, 'stays')}`;
    },
    transaction: ({ id, transaction, from }) => {
      const { sender, recipient, amount } = objectOf(transaction);
      const names = `${shortName(textOf(sender))} → ${shortName(textOf(recipient))}: ${textOf(amount)}`;
      return `${shortHash(textOf(id))}  ${names}  ${from === null ? 'sent here' : `from ${this.#who(from)}`}`;
    },
    peer: ({ peer_id, name, change }) => {
      const peerId = textOf(peer_id);
      if (typeof name === 'string') this.met(peerId, name);
      const known = this.#names.of(peerId);
      const who = known === undefined ? shortPeer(peerId) : `${known} (${shortPeer(peerId)})`;
      if (change === 'connected') return `${who} joined`;
      return `${who} ${change === 'disconnected' ? 'left' : textOf(change)}`;
    },
    fork: (data) => {
      const { index, hash, fork, head, timestamp, miner } = data;
      const { length, hash: ours } = objectOf(head);
      const [height, own] = [Number(textOf(index)), Number(textOf(length))];
      // Nobody was told of it: nothing can come of it.
      if (data.from === null)
        return `a second block ${textOf(index)}  ${shortHash(textOf(hash))}  mined here too late: our ${shortHash(textOf(ours))} had come, and stays`;
      const block = `a second block ${textOf(index)}  ${shortHash(textOf(hash))}  ${this.#way(data, timestamp, miner)}`;
      if (height < own)
        return `${block}: it follows our block ${textOf(fork)}; our chain is longer and stays`;
      this.#tiedAt = height;
      return `${block}: a tie with our ${shortHash(textOf(ours))}, both chains are ${textOf(length)} long; the next block decides`;
    },
    reorg: ({ fork, removed, added, new_head, from }) => {
      const { length, hash } = objectOf(new_head);
      const out = plural(Number(textOf(removed)), 'block');
      const change = `a longer chain replaced ours after block ${textOf(fork)}: ${out} of ours out, ${textOf(added)} in`;
      const decided = this.#decided(Number(textOf(length)) - 1, 'is out');
      return `${change}; now block ${textOf(length)}  ${shortHash(textOf(hash))}  from ${this.#who(from)}${decided}`;
    },
    mining: ({ state, index }) => `${textOf(state)}: block ${textOf(index)}`,
    reset: ({ reason }) => `some events were missed (${textOf(reason)})`,
  };

  /** From whom a block came, and how long after it was found; of one that is fetched, its age is no news. */
  #way(data: Data, timestamp: unknown, miner: unknown): string {
    const { source, from } = data;
    if (source === 'own') return 'mined here';
    if (source === 'sync') return `fetched from ${this.#who(from)}`;
    const at = timeOf(data);
    const ms = at === undefined ? Number.NaN : Math.round(at - Number(textOf(timestamp)) * 1000);
    const came = `from ${this.#who(from)}`;
    if (Number.isNaN(ms)) return came;
    const finder =
      typeof miner === 'string' && miner !== from ? `${this.#who(miner)} found it` : 'it was found';
    const clock = `the clock of ${this.#who(typeof miner === 'string' ? miner : from)}`;
    if (ms < 0) return `${came}, ${shortTime(-ms)} before ${finder}, so ${clock} is ahead of ours`;
    return `${came}, ${shortTime(ms)} after ${finder}${ms > ODD_MS ? `, or ${clock} is behind ours` : ''}`;
  }

  #decided(index: number, fate: string): string {
    if (this.#tiedAt !== index) return '';
    this.#tiedAt = undefined;
    return `; this decides the tie: our block ${index} ${fate}`;
  }

  #who(peerId: unknown): string {
    if (peerId === null) return 'this node';
    const id = textOf(peerId);
    return this.#names.of(id) ?? shortPeer(id);
  }
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

/** When it happened, in ms since the epoch. */
function timeOf({ at }: Data): number | undefined {
  const ms = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function shortTime(ms: number): string {
  return ms < 1000 ? `${ms} ms` : formatDuration(ms / 1000);
}

function objectOf(value: unknown): Data {
  return isJsonObject(value) ? value : {};
}

function textOf(value: unknown): string {
  if (isJsonNumber(value)) return numberText(value);
  return typeof value === 'string' ? value : '?';
}
