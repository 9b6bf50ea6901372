import type { Connection, PeerId, Stream, StreamHandler, Topology } from '@libp2p/interface';
import { GOSSIP_STREAM_MS, GOSSIP_STREAM_RETRY_MS } from './constants.js';

type Register = (protocol: string, topology: Topology) => Promise<string>;
type Handle = (protocol: string, handler: StreamHandler, options?: object) => Promise<void>;

/** Sets itself before whoever reads a stream. */
type Guard = (stream: Stream, connection: Connection) => void;

/** What gossipsub asks of libp2p's registrar. */
interface Registrar {
  readonly register: Register;
  readonly handle: Handle;
}

/**
 * Stands between gossipsub and libp2p's registrar.
 *
 * - What peers send passes a guard before gossipsub reads it. (Not by libp2p's own middleware: libp2p 3.3 adds the
 *   handler to the list of it at every stream.)
 * - Gossipsub opens its streams to peers one after the other, and waits for each: a peer that lets us ask and does not
 *   answer would keep all others waiting. Here a stream is on its way from the moment when gossipsub hears of the peer.
 */
export function gossipRegistrar<R extends Registrar>(
  registrar: R,
  protocols: readonly string[],
  guard: Guard,
): R {
  const streams = new GossipStreams([...protocols]);
  const register: Register = (protocol, topology) => {
    const tell = (connection: Connection) =>
      topology.onConnect?.(connection.remotePeer, streams.opening(connection));
    streams.tell = tell;
    return registrar.register(protocol, { ...topology, onConnect: (_peer, connection) => tell(connection) });
  };
  const handle: Handle = (protocol, handler, options) =>
    registrar.handle(
      protocol,
      (stream, connection) => {
        // Both in one turn: what has come already is given to whoever listens at its end.
        guard(stream, connection);
        return handler(stream, streams.opening(connection));
      },
      options,
    );
  return Object.assign(Object.create(registrar), { register, handle }) as R;
}

/** Our streams to peers, one a peer, as gossipsub has it. */
class GossipStreams {
  /** Tells gossipsub of a connection once more: it does not ask again by itself. */
  tell: (connection: Connection) => void = () => {};
  readonly #protocols: string[];
  readonly #byPeer = new Map<string, { readonly connection: Connection; stream: Promise<Stream> }>();

  constructor(protocols: string[]) {
    this.#protocols = protocols;
  }

  /** The connection, on which a stream is being opened already when it is asked for. */
  opening(connection: Connection): Connection {
    const peer = connection.remotePeer;
    const key = peer.toString();
    const known = this.#byPeer.get(key);
    if (known === undefined || known.connection.status !== 'open') this.#open(key, connection);
    const newStream = () => this.#take(peer, connection);
    return Object.create(connection, { newStream: { value: newStream } }) as Connection;
  }

  #open(key: string, connection: Connection): void {
    const signal = AbortSignal.timeout(GOSSIP_STREAM_MS);
    const stream = connection.newStream(this.#protocols, { signal }).then(mustBeOpen);
    const opened = { connection, stream };
    this.#byPeer.set(key, opened);
    const forget = () => {
      if (this.#byPeer.get(key) === opened) this.#byPeer.delete(key);
    };
    const retry = () => {
      const isWanted = this.#byPeer.get(key) === opened && connection.status === 'open';
      forget();
      if (isWanted) this.tell(connection);
    };
    connection.addEventListener('close', forget, { once: true });
    stream.then(
      (open) => open.addEventListener('close', forget, { once: true }),
      // Whoever takes it hears of it. Who did not answer is not waited for again, for a while.
      () => setTimeout(retry, GOSSIP_STREAM_RETRY_MS).unref(),
    );
  }

  async #take(peer: PeerId, connection: Connection): Promise<Stream> {
    const key = peer.toString();
    const known = this.#byPeer.get(key);
    if (known === undefined) this.#open(key, connection);
    return await (this.#byPeer.get(key) as { stream: Promise<Stream> }).stream;
  }
}

/** @throws where it has ended since it was agreed on: gossipsub, which listens for its end too late, would keep it for good */
function mustBeOpen(stream: Stream): Stream {
  if (stream.status !== 'open') throw new Error(`the stream is ${stream.status}`);
  return stream;
}
