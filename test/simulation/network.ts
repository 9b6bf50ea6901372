/** The LAN between the hosts: it delays, loses, doubles, reorders and breaks what it carries, and falls apart. */
import type { Stream } from '@libp2p/interface';
import type { Dice } from '../helpers/dice.js';
import type { SimulatedHost } from './host.js';
import { type Carry, SimulatedStream } from './stream.js';
import type { VirtualTime } from './virtual-time.js';
import { CALM, type Weather } from './weather.js';

/** How long two hosts that could be connected take to be so, in ms, at most. */
const SLOWEST_DIAL_MS = 1_500;
/** How long an end takes to notice that a connection is gone, in ms, at most. */
const SLOWEST_NOTICE_MS = 800;

export class Connection {
  isOpen = true;
  /** The stream's ends of each host. */
  readonly streams: ReadonlyMap<SimulatedHost, Set<SimulatedStream>>;

  constructor(private readonly ends: readonly [SimulatedHost, SimulatedHost]) {
    this.streams = new Map(ends.map((end) => [end, new Set()]));
  }

  other(host: SimulatedHost): SimulatedHost {
    return host === this.ends[0] ? this.ends[1] : this.ends[0];
  }

  has(host: SimulatedHost): boolean {
    return this.ends.includes(host);
  }
}

export class SimulatedNetwork {
  weather: Weather = CALM;
  readonly #hosts = new Set<SimulatedHost>();
  readonly #connections = new Set<Connection>();
  /** Pairs that are to be connected. */
  readonly #dialling = new Set<string>();
  #groupOf: (name: string) => number = () => 0;
  readonly #cut = new Set<string>();
  #streams = 0;
  /** Ends of streams that carry no more, though nobody is told. */
  readonly #stalled = new WeakSet<SimulatedStream>();

  constructor(
    readonly time: VirtualTime,
    private readonly dice: Dice,
  ) {}

  /** Somebody waits for what will not come any more. */
  get isStuck(): boolean {
    return [...this.#connections].some(({ streams }) =>
      [...streams.values()].some((ends) => [...ends].some((end) => this.#stalled.has(end))),
    );
  }

  join(host: SimulatedHost): void {
    this.#hosts.add(host);
    this.#reconcile();
  }

  leave(host: SimulatedHost): void {
    host.isUp = false;
    this.#hosts.delete(host);
    this.#reconcile();
  }

  /** Hosts of different groups do not reach each other. */
  split(groupOf: (name: string) => number): void {
    this.#groupOf = groupOf;
    this.#reconcile();
  }

  cut(a: string, b: string): void {
    this.#cut.add(pair(a, b));
    this.#reconcile();
  }

  /** Every host reaches every other. */
  heal(): void {
    this.#groupOf = () => 0;
    this.#cut.clear();
    this.#reconcile();
  }

  /** Every connection breaks, as when a cable is pulled and put back. */
  hiccup(): void {
    for (const connection of this.#connections) this.#break(connection);
  }

  /** Brings something to the other end, if it is still there then. */
  carry(connection: Connection, from: SimulatedHost, deliver: (other: SimulatedHost) => void): boolean {
    return this.#carry(connection, from, this.#latency(), deliver);
  }

  gossip(connection: Connection, from: SimulatedHost, deliver: (other: SimulatedHost) => void): void {
    const { lost, doubled } = this.weather;
    const copies = this.dice.next() < lost ? 0 : this.dice.next() < doubled ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const overtaken = this.dice.below(10) === 0 ? 10 : 1;
      this.#carry(connection, from, this.#latency() * overtaken, deliver);
    }
  }

  async openStream(
    connection: Connection,
    from: SimulatedHost,
    protocol: string,
    signal: AbortSignal,
  ): Promise<Stream> {
    await this.time.sleep(this.#latency());
    signal.throwIfAborted();
    if (!connection.isOpen) throw new Error('the connection is gone');
    if (this.dice.next() < this.weather.busy)
      throw Object.assign(new Error('too many streams'), { name: 'TooManyOutboundProtocolStreamsError' });
    const to = connection.other(from);
    const id = String(++this.#streams);
    const pieces = (bytes: Uint8Array) => this.#pieces(bytes);
    const near: SimulatedStream = new SimulatedStream(
      id,
      'outbound',
      protocol,
      this.#inOrder(connection, from, () => [near, far]),
      pieces,
    );
    const far: SimulatedStream = new SimulatedStream(
      id,
      'inbound',
      protocol,
      this.#inOrder(connection, to, () => [far, near]),
      pieces,
    );
    connection.streams.get(from)!.add(near);
    connection.streams.get(to)!.add(far);
    near.addEventListener('close', () => connection.streams.get(from)!.delete(near));
    far.addEventListener('close', () => connection.streams.get(to)!.delete(far));
    to.accept(protocol, far, from.id);
    return near;
  }

  /** What a stream carries arrives in order and whole, up to where it breaks or stalls. */
  #inOrder(
    connection: Connection,
    from: SimulatedHost,
    ends: () => [own: SimulatedStream, other: SimulatedStream],
  ): Carry {
    let last = 0;
    return (deliver) => {
      const [own, other] = ends();
      if (this.#stalled.has(own)) return;
      const { broken, stalled } = this.weather;
      const breaks = this.dice.next() < broken;
      const due = Math.max(last, this.time.now + this.#latency());
      last = due;
      const arrives = this.#carry(connection, from, due - this.time.now, () => {
        if (this.#stalled.has(own)) return;
        if (breaks) for (const end of [own, other]) end.broken();
        else deliver(other);
      });
      if (!arrives || this.dice.next() < stalled) for (const end of [own, other]) this.#stalled.add(end);
    };
  }

  #carry(
    connection: Connection,
    from: SimulatedHost,
    ms: number,
    deliver: (other: SimulatedHost) => void,
  ): boolean {
    const to = connection.other(from);
    if (!from.isUp || !this.#reach(from, to)) return false;
    this.time.after(ms, () => {
      if (connection.isOpen && to.isUp) deliver(to);
    });
    return true;
  }

  #pieces(bytes: Uint8Array): Uint8Array[] {
    if (bytes.length < 2 || this.dice.below(8) > 0) return [bytes];
    const cut = 1 + this.dice.below(bytes.length - 1);
    return [bytes.subarray(0, cut), bytes.subarray(cut)];
  }

  #latency(): number {
    return this.dice.next() * this.weather.slowestMs;
  }

  #reach(a: SimulatedHost, b: SimulatedHost): boolean {
    return this.#groupOf(a.name) === this.#groupOf(b.name) && !this.#cut.has(pair(a.name, b.name));
  }

  /** After any change: breaks what cannot be connected, and connects what can. */
  #reconcile(): void {
    for (const connection of this.#connections) {
      const [a, b] = [...connection.streams.keys()] as [SimulatedHost, SimulatedHost];
      if (!a.isUp || !b.isUp || !this.#reach(a, b)) this.#break(connection);
    }
    const hosts = [...this.#hosts];
    for (const [at, a] of hosts.entries()) for (const b of hosts.slice(at + 1)) this.#dial(a, b);
  }

  #dial(a: SimulatedHost, b: SimulatedHost): void {
    const key = pair(a.name, b.name);
    if (!this.#wanted(a, b) || this.#dialling.has(key)) return;
    this.#dialling.add(key);
    this.time.after(this.dice.next() * SLOWEST_DIAL_MS, () => {
      this.#dialling.delete(key);
      if (this.#wanted(a, b)) this.#connect(a, b);
      else this.#reconcile();
    });
  }

  #wanted(a: SimulatedHost, b: SimulatedHost): boolean {
    const isConnected = [...this.#connections].some(
      (connection) => connection.isOpen && connection.has(a) && connection.has(b),
    );
    return a.isUp && b.isUp && this.#reach(a, b) && !isConnected;
  }

  #connect(a: SimulatedHost, b: SimulatedHost): void {
    const connection = new Connection([a, b]);
    this.#connections.add(connection);
    for (const end of [a, b]) {
      this.time.after(this.#latency(), () => {
        if (connection.isOpen && end.isUp) end.attach(connection);
      });
    }
  }

  #break(connection: Connection): void {
    if (!connection.isOpen) return;
    connection.isOpen = false;
    this.#connections.delete(connection);
    for (const [end, streams] of connection.streams) {
      this.time.after(this.dice.next() * SLOWEST_NOTICE_MS, () => {
        for (const stream of [...streams]) stream.broken();
        if (end.isUp) end.detach(connection);
        this.#reconcile();
      });
    }
  }
}

function pair(a: string, b: string): string {
  return a < b ? `${a}-${b}` : `${b}-${a}`;
}
