import { type Connection, type Stream, StreamMessageEvent } from '@libp2p/interface';
import { Allowance } from '../../src/allowance.js';
import type { Bound, Bounds } from '../../src/bounds.js';
import { Valve } from '../../src/valve.js';
import * as limits from './constants.js';
import { RpcIntake } from './rpc-intake.js';
import { RpcScanner } from './rpc-scanner.js';

/** What may come of one connection, or of all. */
interface Rates {
  readonly bytes: Allowance;
  readonly items: Allowance;
}

/**
 * Bounds what gossipsub is given to read. It decodes whatever has come in one go, and what it judges or throws away
 * costs as much as what it takes. So it gets a slice at a time, others have their turn in between, and a peer, or all
 * together, that bring more bytes or items (frames and what stands in them) than they may are not read until their time
 * has come. That is no blame: they may be passing on a flood of somebody else's. A frame larger than may be, or one that
 * no gossipsub writes, or more items at once than can ever be borne, is: the connection is cut.
 */
export function rpcGuard(bounds: Bounds): (stream: Stream, connection: Connection) => void {
  const all: Rates = {
    bytes: new Allowance(limits.TOTAL_BYTES_PER_SECOND, limits.TOTAL_BYTES_BURST),
    items: new Allowance(limits.TOTAL_ITEMS_PER_SECOND, limits.TOTAL_ITEMS_BURST),
  };
  const guards = new Set<RpcGuard>();
  const ofConnections = new WeakMap<Connection, Rates>();
  const ratesOf = (connection: Connection): Rates => {
    const rates = ofConnections.get(connection) ?? {
      bytes: new Allowance(limits.BYTES_PER_SECOND, limits.BYTES_BURST),
      items: new Allowance(limits.ITEMS_PER_SECOND, limits.ITEMS_BURST),
    };
    ofConnections.set(connection, rates);
    return rates;
  };
  return (stream, connection) => {
    const guard = new RpcGuard(stream, connection, [ratesOf(connection), all], bounds, () => trim(guards));
    // One that ended before it was handed over tells of its end no more, and would be held for good.
    if (stream.status !== 'open' && stream.status !== 'closing') return;
    guards.add(guard);
    stream.addEventListener('close', () => guards.delete(guard));
  };
}

/** Frames that have begun and do not end are held by the decoder: the largest of them goes when there are too many. */
function trim(guards: ReadonlySet<RpcGuard>): void {
  const unfinished = [...guards].reduce((sum, guard) => sum + guard.unfinished, 0);
  if (unfinished <= limits.MAX_UNFINISHED_BYTES) return;
  const largest = [...guards].reduce((a, b) => (b.unfinished > a.unfinished ? b : a));
  largest.cut('gossip-unfinished');
}

class RpcGuard {
  readonly #peer: string;
  readonly #intake = new RpcIntake();
  /** Sees what gossipsub is given. */
  readonly #scanner = new RpcScanner();
  readonly #valve: Valve;
  /** What has come and gossipsub was not given yet; the stream is paused while there is any. */
  readonly #backlog: Uint8Array[] = [];
  #isGiving = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly stream: Stream,
    private readonly connection: Connection,
    private readonly rates: readonly Rates[],
    private readonly bounds: Bounds,
    /** Called when a part of a frame was given to the decoder, and the frame did not end. */
    private readonly onUnfinished: () => void,
  ) {
    this.#peer = connection.remotePeer.toString();
    this.#valve = new Valve(stream);
    stream.addEventListener('message', (event) => {
      if (this.#isGiving) return;
      event.stopImmediatePropagation();
      this.#take(event.data);
    });
    stream.addEventListener('close', () => clearTimeout(this.#timer));
  }

  /** Bytes of a frame that has not ended. */
  get unfinished(): number {
    return this.stream.status === 'open' ? this.#scanner.unfinished : 0;
  }

  cut(bound: Bound): void {
    this.bounds.hit(bound, this.#peer);
    this.connection.abort(new Error(`what may not be was gossiped: ${bound}`));
  }

  #take(data: Uint8Array | Iterable<Uint8Array>): void {
    if (this.stream.status !== 'open') return;
    const isIdle = this.#backlog.length === 0;
    for (const chunk of data instanceof Uint8Array ? [data] : data) {
      const fault = this.#intake.take(chunk);
      if (fault !== undefined) {
        this.cut(fault);
        return;
      }
      this.#backlog.push(chunk);
    }
    if (isIdle) this.#go();
  }

  /** Gives a slice, and the next when there has been time for others; at the end reads on. */
  #go(): void {
    const slice = this.#slice();
    if (slice === undefined) {
      this.#backlog.length = 0;
      return;
    }
    const ms = Math.max(
      ...this.rates.flatMap(({ bytes, items }) => [bytes.spend(slice.bytes), items.spend(slice.items)]),
    );
    if (ms > 0) this.bounds.hit('gossip-rate', this.#peer);
    if (ms > 0 || this.#backlog.length > 0) {
      this.#valve.close();
      this.#timer = setTimeout(() => this.#go(), ms);
      return;
    }
    this.#intake.rest();
    this.#valve.open();
  }

  /** @returns what it held; undefined where the stream is over */
  #slice(): { bytes: number; items: number } | undefined {
    let bytes = 0;
    let items = 0;
    while (bytes < limits.SLICE_BYTES && items < limits.SLICE_ITEMS) {
      if (this.stream.status !== 'open') return undefined;
      const [chunk] = this.#backlog;
      if (chunk === undefined) break;
      const part = chunk.subarray(0, limits.SLICE_BYTES - bytes);
      const seen = this.#scanner.read(part, limits.SLICE_ITEMS - items);
      bytes += seen.bytes;
      items += seen.items;
      if (seen.bytes < chunk.byteLength) this.#backlog[0] = chunk.subarray(seen.bytes);
      else this.#backlog.shift();
      this.#give(chunk.subarray(0, seen.bytes));
    }
    if (this.#scanner.unfinished > 0) this.onUnfinished();
    return { bytes, items };
  }

  #give(slice: Uint8Array): void {
    this.#isGiving = true;
    this.stream.dispatchEvent(new StreamMessageEvent(slice));
    this.#isGiving = false;
  }
}
