import type { Connection, Stream, StreamMiddleware } from '@libp2p/interface';
import { Allowance } from '../../src/allowance.js';
import type { Bounds } from '../../src/bounds.js';
import * as limits from './constants.js';
import { RpcScanner } from './rpc-scanner.js';

/** What may come of one connection, or of all. */
interface Rates {
  readonly bytes: Allowance;
  readonly items: Allowance;
}

/**
 * Bounds what gossipsub is given to read. It decodes whatever comes as fast as it comes, and what it judges or throws
 * away costs as much as what it takes: a peer, or all together, that bring more bytes or items (frames and what
 * stands in them) than they may are not read until their time has come. That is no blame: they may be passing on a
 * flood of somebody else's. A frame larger than may be, or more items at once than can ever be borne, is: the
 * connection is cut.
 */
export function rpcGuard(bounds: Bounds): StreamMiddleware {
  const all: Rates = {
    bytes: new Allowance(limits.TOTAL_BYTES_PER_SECOND, limits.TOTAL_BYTES_BURST),
    items: new Allowance(limits.TOTAL_ITEMS_PER_SECOND, limits.TOTAL_ITEMS_BURST),
  };
  const ofConnections = new WeakMap<Connection, Rates>();
  const ratesOf = (connection: Connection): Rates => {
    const rates = ofConnections.get(connection) ?? {
      bytes: new Allowance(limits.BYTES_PER_SECOND, limits.BYTES_BURST),
      items: new Allowance(limits.ITEMS_PER_SECOND, limits.ITEMS_BURST),
    };
    ofConnections.set(connection, rates);
    return rates;
  };
  return (stream, connection, next) => {
    if (stream.direction === 'inbound') guard(stream, connection, [ratesOf(connection), all], bounds);
    next(stream, connection);
  };
}

function guard(stream: Stream, connection: Connection, rates: readonly Rates[], bounds: Bounds): void {
  const peer = connection.remotePeer.toString();
  const scanner = new RpcScanner();
  let pause: NodeJS.Timeout | undefined;
  const read = (event: Event & { readonly data: Uint8Array | Iterable<Uint8Array> }): void => {
    const { bytes, items, isTooLarge } = scanner.read(event.data);
    if (isTooLarge || items > limits.MAX_ITEMS_AT_ONCE) {
      event.stopImmediatePropagation();
      bounds.hit(isTooLarge ? 'gossip-rpc-size' : 'gossip-rpc-flood', peer);
      connection.abort(new Error('more was gossiped than may be'));
      return;
    }
    const ms = Math.max(...rates.flatMap((rate) => [rate.bytes.spend(bytes), rate.items.spend(items)]));
    if (ms > 0) rest(ms);
  };
  const rest = (ms: number): void => {
    if (stream.status !== 'open') return;
    if (pause === undefined) {
      bounds.hit('gossip-rate', peer);
      stream.pause();
    }
    clearTimeout(pause);
    pause = setTimeout(() => {
      pause = undefined;
      if (stream.status === 'open') stream.resume();
    }, ms);
  };
  stream.addEventListener('message', read);
  stream.addEventListener('close', () => clearTimeout(pause));
}
