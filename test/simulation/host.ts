/** A node's place in the simulated network, from its start to its end: what the node knows as libp2p. */
import { TopicValidatorResult } from '@chainsafe/libp2p-gossipsub';
import type { PeerId, Stream } from '@libp2p/interface';
import type { StreamRegistrar } from '../../protocols/chain/index.js';
import type { CoreHost } from '../../src/node/core.js';
import type { Connection, SimulatedNetwork } from './network.js';
import { SimulatedPubsub } from './pubsub.js';

type Handler = Parameters<StreamRegistrar['handle']>[1];

/** What a host tells its node. */
export interface HostEvents {
  connected(peer: PeerId): void;
  disconnected(peer: string): void;
  /** The node found a peer, or its message, at fault. Here all are honest: nobody ever should be. */
  blamed(peer: string, why: string): void;
}

export class SimulatedHost implements CoreHost {
  readonly pubsub: SimulatedPubsub;
  /** The connections that this end knows of, by peer. */
  readonly #connections = new Map<string, Connection>();
  readonly #handlers = new Map<string, Handler>();
  /** Nothing comes in or goes out once it is gone. */
  isUp = true;

  constructor(
    readonly id: PeerId,
    readonly name: string,
    private readonly network: SimulatedNetwork,
    private readonly events: HostEvents,
  ) {
    this.pubsub = new SimulatedPubsub(network.time, (topic, data, peers) => {
      for (const peer of peers) this.#pass(peer, topic, data);
    });
  }

  get peerId(): string {
    return this.id.toString();
  }

  connected(): PeerId[] {
    return [...this.#connections.values()].map((connection) => connection.other(this).id);
  }

  drop(peer: string, why: { message: string }): boolean {
    this.events.blamed(peer, `dropped: ${why.message}`);
    return true;
  }

  async handle(protocol: string, handler: Handler): Promise<void> {
    this.#handlers.set(protocol, handler);
  }

  async unhandle(protocol: string): Promise<void> {
    this.#handlers.delete(protocol);
  }

  async openStream(peer: PeerId, protocol: string, { signal }: { signal: AbortSignal }): Promise<Stream> {
    const connection = this.#connections.get(peer.toString());
    if (connection === undefined || !this.isUp) throw new Error('not connected');
    return await this.network.openStream(connection, this, protocol, signal);
  }

  /** A peer has opened a stream. */
  accept(protocol: string, stream: Stream, from: PeerId): void {
    const handler = this.#handlers.get(protocol);
    if (handler === undefined) stream.abort(new Error('protocol not supported'));
    else void handler(stream, { remotePeer: from });
  }

  /** This end has learnt of a connection. */
  attach(connection: Connection): void {
    const peer = connection.other(this);
    const isFirst = !this.#connections.has(peer.peerId);
    this.#connections.set(peer.peerId, connection);
    const topics = this.pubsub.topics;
    this.network.carry(connection, this, (other) => other.pubsub.heard(this.id, topics));
    if (isFirst) this.events.connected(peer.id);
  }

  /** This end has learnt that a connection is gone. */
  detach(connection: Connection): void {
    const { peerId } = connection.other(this);
    if (this.#connections.get(peerId) !== connection) return;
    this.#connections.delete(peerId);
    this.pubsub.forget(peerId);
    this.events.disconnected(peerId);
  }

  #pass(peer: string, topic: string, data: Uint8Array): void {
    const connection = this.#connections.get(peer);
    if (connection === undefined || !this.isUp) return;
    this.network.gossip(connection, this, (other) => {
      void other.#receive(this, topic, Uint8Array.from(data));
    });
  }

  async #receive(from: SimulatedHost, topic: string, data: Uint8Array<ArrayBuffer>): Promise<void> {
    const result = await this.pubsub.receive(from.id, topic, data);
    if (result === TopicValidatorResult.Reject) this.events.blamed(from.peerId, 'its message was rejected');
  }
}
