import type { Socket } from 'node:net';
import type { MultiaddrConnection } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import type { Bound, Bounds } from '../bounds.js';
import { TokenBuckets } from '../token-buckets.js';
import { tcpAddress } from './address.js';
import * as limits from './constants.js';

/** What one address has with us. */
interface Share {
  /** Sockets in the middle of their handshake, by their remote address. */
  readonly pending: Set<string>;
  /** All sockets, those among them. */
  sockets: number;
}

/** The part of a socket that is used. */
export interface Gated extends Pick<MultiaddrConnection, 'remoteAddr' | 'addEventListener' | 'abort'> {
  /** Where its bytes come in. */
  onData(data: { readonly byteLength: number }): void;
  /** The system's, beneath it. */
  readonly socket?: Beneath;
}

type Beneath = Pick<Socket, 'closed' | 'destroy' | 'once'>;

/** Decides on sockets before their handshake: no address may take all the room, whoever is behind it. */
export class InboundGate {
  readonly #bounds: Bounds;
  readonly #shares = new Map<string, Share>();
  readonly #rates = new TokenBuckets(
    limits.INBOUND_PER_SECOND,
    limits.INBOUND_BURST,
    limits.MAX_COUNTED_ADDRESSES,
  );

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  /** Whether a socket that was just taken is to be closed again; if not, it is counted until it closes. */
  denies(socket: Gated): boolean {
    const address = hostOf(socket.remoteAddr);
    const share = this.#shares.get(address) ?? { pending: new Set(), sockets: 0 };
    const reached = this.#reached(address, share);
    if (reached !== undefined) {
      this.#bounds.hit(reached);
      return true;
    }
    const key = socket.remoteAddr.toString();
    share.pending.add(key);
    share.sockets += 1;
    this.#shares.set(address, share);
    this.#weigh(socket, () => share.pending.has(key));
    socket.addEventListener(
      'close',
      () => {
        share.pending.delete(key);
        whenGone(socket.socket, () => {
          share.sockets -= 1;
          if (share.sockets === 0) this.#shares.delete(address);
        });
      },
      { once: true },
    );
    return false;
  }

  /** A socket has become a connection. */
  upgraded(remote: Multiaddr): void {
    this.#shares.get(hostOf(remote))?.pending.delete(withoutPeer(remote));
  }

  /**
   * Cuts a socket that says too much before it is a connection. Its bytes are counted on their way in: a listener of ours would
   * have them handed out before the handshake listens.
   */
  #weigh(socket: Gated, isPending: () => boolean): void {
    const onData = socket.onData.bind(socket);
    let bytes = 0;
    socket.onData = (data) => {
      if (!isPending()) socket.onData = onData;
      bytes += data.byteLength;
      if (bytes <= limits.MAX_HANDSHAKE_BYTES || !isPending()) {
        onData(data);
        return;
      }
      this.#bounds.hit('handshake-bytes');
      socket.abort(
        new Error(`more than ${limits.MAX_HANDSHAKE_BYTES} bytes came before the handshake was over`),
      );
    };
  }

  #reached(address: string, { pending, sockets }: Share): Bound | undefined {
    if (sockets >= limits.MAX_INBOUND_PER_ADDRESS) return 'inbound-per-address';
    if (pending.size >= limits.MAX_INBOUND_PENDING_PER_ADDRESS) return 'inbound-pending';
    return this.#rates.take(address) ? undefined : 'inbound-rate';
  }
}

/**
 * When the system's socket is closed, too. libp2p takes one for closed whose peer has said its last; where that peer reads
 * nothing any more, it stays open for what is still to be written.
 */
function whenGone(beneath: Beneath | undefined, gone: () => void): void {
  if (beneath === undefined || beneath.closed) {
    gone();
    return;
  }
  const cut = setTimeout(() => beneath.destroy(), limits.CONNECTION_CLOSE_TIMEOUT_MS).unref();
  beneath.once('close', () => {
    clearTimeout(cut);
    gone();
  });
}

function hostOf(address: Multiaddr): string {
  return tcpAddress(address)?.host ?? address.toString();
}

function withoutPeer(address: Multiaddr): string {
  return address.toString().replace(/\/p2p\/[^/]+$/, '');
}
