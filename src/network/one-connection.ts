import type { Connection, IdentifyResult, PeerId } from '@libp2p/interface';
import { type Bounds, UNCOUNTED } from '../bounds.js';
import type { Logger } from '../log.js';
import { IDENTIFY_TIMEOUT_MS, MAX_CONNECTIONS_PER_PEER } from './constants.js';
import type { Host } from './host.js';

type OneConnectionHost = Pick<
  Host,
  'addEventListener' | 'removeEventListener' | 'getConnections' | 'peerId'
> & {
  services: Pick<Host['services'], 'identify'>;
};

/**
 * Keeps one connection a pair. When both sides dialled at once, or a peer was restarted before we saw its end, there
 * are two: the side with the lower peer id closes the older, once the peer has answered on the newer, so that one stays
 * however long it takes the other side to have both.
 *
 * A protocol that holds a stream open (gossipsub) loses it with its connection and is told of a connection only by
 * identify: whenever one of several ends, identify is asked once more on the one that stays.
 *
 * Where the other side does not keep to this, a few connections are borne, and no more.
 */
export class OneConnection {
  readonly #host: OneConnectionHost;
  readonly #log: Logger;
  readonly #bounds: Bounds;

  constructor(host: OneConnectionHost, log: Logger, bounds: Bounds = UNCOUNTED) {
    this.#host = host;
    this.#log = log;
    this.#bounds = bounds;
  }

  start(): void {
    this.#host.addEventListener('connection:open', this.#onOpen);
    this.#host.addEventListener('peer:identify', this.#onIdentify);
    this.#host.addEventListener('connection:close', this.#onClose);
  }

  stop(): void {
    this.#host.removeEventListener('connection:open', this.#onOpen);
    this.#host.removeEventListener('peer:identify', this.#onIdentify);
    this.#host.removeEventListener('connection:close', this.#onClose);
  }

  readonly #onOpen = ({ detail }: CustomEvent<Connection>): void => {
    const peer = detail.remotePeer;
    if (this.#open(peer).length <= MAX_CONNECTIONS_PER_PEER) return;
    this.#bounds.hit('connections-per-peer', peer.toString());
    detail.abort(new Error('too many connections to one peer'));
  };

  readonly #onIdentify = ({ detail: { connection, peerId } }: CustomEvent<IdentifyResult>): void => {
    const key = peerId.toString();
    if (this.#host.peerId.toString() > key) return;
    const [newest, ...older] = this.#open(peerId);
    if (newest?.id !== connection.id) return;
    for (const duplicate of older) {
      this.#log.debug({ peer: key }, 'duplicate-connection-closed');
      duplicate.close().catch((error: Error) => duplicate.abort(error));
    }
  };

  readonly #onClose = ({ detail }: CustomEvent<Connection>): void => {
    const [stays] = this.#open(detail.remotePeer);
    if (stays === undefined) return;
    this.#host.services.identify
      .identify(stays, { signal: AbortSignal.timeout(IDENTIFY_TIMEOUT_MS) })
      .catch((error: Error) =>
        this.#log.debug({ peer: detail.remotePeer.toString(), error }, 'identify-failed'),
      );
  };

  /** The peer's open connections, the newest first. */
  #open(peer: PeerId): Connection[] {
    return this.#host
      .getConnections(peer)
      .filter(({ status }) => status === 'open')
      .sort((a, b) => b.timeline.open - a.timeline.open);
  }
}
