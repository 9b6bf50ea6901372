import type {
  Connection,
  PeerId,
  Stream,
  StreamCloseEvent,
  StreamHandler,
  Topology,
} from '@libp2p/interface';
import { GOSSIP_STREAM_MS, GOSSIP_STREAM_PAUSE_MS, GOSSIP_STREAM_RETRY_MS } from './constants.js';

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
 * - Gossipsub opens none anew while the connection lasts, whether the peer has ended it or took so little that it was
 *   reset. Here gossipsub is told of the connection once more.
 * - Gossipsub reads on what a peer sends that it has removed, since the peer has withdrawn the protocols, or has reset
 *   one of several streams: what such a peer subscribes to would be kept for good, since nobody tells of its end. Here
 *   all its streams end then.
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
    return registrar.register(protocol, {
      ...topology,
      onConnect: (_peer, connection) => tell(connection),
      onDisconnect: (peer) => {
        streams.end(peer);
        return topology.onDisconnect?.(peer);
      },
    });
  };
  const handle: Handle = (protocol, handler, options) =>
    registrar.handle(
      protocol,
      (stream, connection) => {
        // Both in one turn: what has come already is given to whoever listens at its end.
        guard(stream, connection);
        streams.read(stream, connection);
        return handler(stream, streams.opening(connection));
      },
      options,
    );
  return Object.assign(Object.create(registrar), { register, handle }) as R;
}

/** Our streams to peers, one a peer, as gossipsub has it; and theirs to us. */
class GossipStreams {
  /** Tells gossipsub of a connection once more: it does not ask again by itself. */
  tell: (connection: Connection) => void = () => {};
  readonly #protocols: string[];
  readonly #byPeer = new Map<string, OwnStream>();
  readonly #read = new Map<string, Set<Stream>>();

  constructor(protocols: string[]) {
    this.#protocols = protocols;
  }

  /** The connection, on which a stream is being opened already when it is asked for. */
  opening(connection: Connection): Connection {
    this.#open(connection);
    const newStream = () => this.#open(connection).take();
    return Object.create(connection, { newStream: { value: newStream } }) as Connection;
  }

  /** A stream of a peer's is read from now on. */
  read(stream: Stream, { remotePeer }: Connection): void {
    // One that has ended tells of its end no more, and would be held for good.
    if (stream.status !== 'open') return;
    const key = remotePeer.toString();
    const streams = this.#read.get(key) ?? new Set();
    this.#read.set(key, streams.add(stream));
    const ended = ({ error }: StreamCloseEvent) => {
      streams.delete(stream);
      if (streams.size === 0 && this.#read.get(key) === streams) this.#read.delete(key);
      // With one that was reset gossipsub removes the peer.
      if (error !== undefined) this.#readNoMore(key);
    };
    stream.addEventListener('close', ended, { once: true });
  }

  /** The peer has gone, or speaks none of this any more. */
  end(peer: PeerId): void {
    const key = peer.toString();
    this.#byPeer.get(key)?.end();
    this.#byPeer.delete(key);
    this.#readNoMore(key);
  }

  #readNoMore(key: string): void {
    for (const stream of this.#read.get(key) ?? [])
      stream.abort(new Error('gossip has ended with this peer'));
  }

  /** Opens one where there is none that can be used, or will be. */
  #open(connection: Connection): OwnStream {
    const key = connection.remotePeer.toString();
    const known = this.#byPeer.get(key);
    if (known !== undefined && !known.isOver) return known;
    known?.end();
    const forget = () => {
      opened.end();
      if (this.#byPeer.get(key) === opened) this.#byPeer.delete(key);
    };
    const again = () => {
      forget();
      if (connection.status === 'open') this.tell(connection);
    };
    const opened = new OwnStream(connection, this.#protocols, again, forget);
    this.#byPeer.set(key, opened);
    return opened;
  }
}

/** A stream of ours, from when it is asked for. */
class OwnStream {
  readonly #connection: Connection;
  readonly #stream: Promise<Stream>;
  readonly #again: () => void;
  readonly #lost: () => void;
  #opened: Stream | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isEnded = false;

  /**
   * @param again called where it was refused or has ended, some time after
   * @param lost called when its connection has closed
   */
  constructor(connection: Connection, protocols: string[], again: () => void, lost: () => void) {
    this.#connection = connection;
    this.#again = again;
    this.#lost = lost;
    connection.addEventListener('close', lost, { once: true });
    this.#stream = this.#open(protocols);
    // Whoever takes it hears of it. Who did not answer is not waited for again, for a while.
    this.#stream.catch(() => this.#retryIn(GOSSIP_STREAM_RETRY_MS));
  }

  /** Whether it is of no use any more: its connection or itself has ended, or gossipsub has closed our end of it. */
  get isOver(): boolean {
    return this.#connection.status !== 'open' || (this.#opened !== undefined && !isWritable(this.#opened));
  }

  /** @throws where it was refused, or has ended: gossipsub would keep it for good, since it listens for its end too late */
  async take(): Promise<Stream> {
    return mustBeWritable(await this.#stream);
  }

  /** It is waited for no more. What gossipsub has closed on our side, the other side holds until it is reset. */
  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
    this.#connection.removeEventListener('close', this.#lost);
    this.#opened?.abort(new Error('the stream is not used any more'));
  }

  async #open(protocols: string[]): Promise<Stream> {
    const askedAt = performance.now();
    const signal = AbortSignal.timeout(GOSSIP_STREAM_MS);
    const stream = mustBeWritable(await this.#connection.newStream(protocols, { signal }));
    this.#opened = stream;
    if (this.#isEnded) this.end();
    const onClose = () => {
      const lasted = performance.now() - askedAt;
      this.#retryIn(Math.max(GOSSIP_STREAM_PAUSE_MS, GOSSIP_STREAM_RETRY_MS - lasted));
    };
    stream.addEventListener('close', onClose, { once: true });
    return stream;
  }

  #retryIn(ms: number): void {
    if (!this.#isEnded) this.#timer = setTimeout(this.#again, ms).unref();
  }
}

function isWritable({ status, writeStatus }: Stream): boolean {
  return status === 'open' && writeStatus !== 'closing' && writeStatus !== 'closed';
}

/** @throws where a stream has ended since it was agreed on */
function mustBeWritable(stream: Stream): Stream {
  if (!isWritable(stream)) throw new Error(`the stream is ${stream.status}`);
  return stream;
}
