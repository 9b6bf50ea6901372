import { createSocket } from 'node:dgram';
import { EventEmitter } from 'node:events';
import { type PeerInfo, start, stop } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import type { Logger } from '../log.js';
import * as limits from './constants.js';
import type { MdnsMaker } from './host.js';

/** The mDNS service under which the nodes of a network find each other, and no others. */
export function serviceTag(networkId: string): string {
  return `_gc-${networkId.slice(0, limits.SERVICE_TAG_DIGITS)}._udp.local`;
}

/**
 * Finds peers on the LAN. It only finds them: dialling is the dialler's.
 *
 * A node answers its own first question too, so that by asking it also tells everybody that it is there.
 */
export class Discovery {
  readonly #maker: MdnsMaker;
  readonly #tag: string;
  readonly #found: (peerId: string, addresses: Multiaddr[]) => void;
  readonly #log: Logger;
  #mdns: ReturnType<MdnsMaker['make']> | undefined;
  #repeats: NodeJS.Timeout[] = [];

  constructor(
    maker: MdnsMaker,
    networkId: string,
    found: (peerId: string, addresses: Multiaddr[]) => void,
    log: Logger,
  ) {
    this.#maker = maker;
    this.#tag = serviceTag(networkId);
    this.#found = found;
    this.#log = log;
  }

  /** Must be called when the host listens: before, it has no address to tell. */
  async start(): Promise<void> {
    if (this.#mdns !== undefined) return;
    const mdns = this.#maker.make(this.#tag, limits.MDNS_INTERVAL_MS);
    this.#mdns = mdns;
    mdns.addEventListener('peer', this.#onPeer);
    await start(mdns);
    const socket = socketOf(mdns);
    if (socket === undefined) return;
    const report = (error: NodeJS.ErrnoException) =>
      this.#log.warn({ code: error.code, error }, 'mdns-failed');
    socket.on('error', report);
    // A warning is another program's malformed packet as well as a trouble of ours.
    socket.on('warning', (error: Error) => this.#log.debug({ error }, 'mdns-warning'));
    const ask = () => socket.query({ questions: [{ name: this.#tag, type: 'PTR' }] });
    this.#repeats = limits.MDNS_REPEAT_MS.map((ms) => setTimeout(ask, ms));
    checkRoute(report);
  }

  async stop(): Promise<void> {
    const mdns = this.#mdns;
    if (mdns === undefined) return;
    this.#mdns = undefined;
    for (const timer of this.#repeats) clearTimeout(timer);
    mdns.removeEventListener('peer', this.#onPeer);
    await stop(mdns);
  }

  readonly #onPeer = ({ detail }: CustomEvent<PeerInfo>): void =>
    this.#found(detail.id.toString(), detail.multiaddrs);
}

interface MdnsSocket extends EventEmitter {
  query(question: { questions: { name: string; type: string }[] }): void;
}

/** The socket below the service: a public field its type does not show. Without it, only repeats and warnings lack. */
function socketOf(mdns: object): MdnsSocket | undefined {
  const socket = 'mdns' in mdns ? mdns.mdns : undefined;
  return socket instanceof EventEmitter && 'query' in socket ? (socket as MdnsSocket) : undefined;
}

/**
 * Where no route leads to the multicast address (a LAN without a default route), sending fails and mDNS tells nobody.
 * Connecting a UDP socket looks the route up and sends nothing.
 */
function checkRoute(report: (error: NodeJS.ErrnoException) => void): void {
  const socket = createSocket('udp4');
  socket.once('error', (error) => {
    report(error);
    socket.close();
  });
  socket.connect(limits.MDNS_PORT, limits.MDNS_ADDRESS, () => socket.close());
}
