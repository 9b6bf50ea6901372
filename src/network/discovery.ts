import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { type PeerInfo, start, stop } from '@libp2p/interface';
import { isPrivateIp } from '@libp2p/utils';
import type { Multiaddr } from '@multiformats/multiaddr';
import type { Logger } from '../log.js';
import { plausible } from './address.js';
import { announcedOn, near } from './announce.js';
import * as limits from './constants.js';
import type { InterfaceState } from './diagnosis.js';
import type { MdnsMaker } from './host.js';
import type { LanInterface } from './interfaces.js';
import { MdnsLink } from './mdns-link.js';

/** The mDNS service under which the nodes of a network find each other, and no others. */
export function serviceTag(networkId: string): string {
  return `_gc-${networkId.slice(0, limits.SERVICE_TAG_DIGITS)}._udp.local`;
}

const ANY_SERVICE_TAG = new RegExp(`^_gc-([0-9a-f]{${limits.SERVICE_TAG_DIGITS}})\\._udp\\.local$`);

/** Whom discovery tells. */
export interface DiscoveryEvents {
  found(peerId: string, addresses: Multiaddr[]): void;
  /** A node of another network asked; of its id the first digits. */
  otherNetwork(digits: string, from: string): void;
}

/**
 * Finds peers on the LAN. It only finds them: dialling is the dialler's.
 *
 * `@libp2p/mdns` hears on all interfaces and reads the answers; it sends on one, that of the route to the multicast
 * address, and on none without a route, telling nobody. So it asks and answers on its one interface, and a
 * {@link MdnsLink} does on each other; on its own the link only listens, so that it is known whether its question is
 * heard. A node hears its own question and answers it too: by asking it also tells everybody that it is there.
 */
export class Discovery {
  readonly #maker: MdnsMaker;
  readonly #tag: string;
  readonly #events: DiscoveryEvents;
  readonly #log: Logger;
  readonly #peerName = randomUUID().replaceAll('-', '');
  #links: MdnsLink[] = [];
  #mdns: ReturnType<MdnsMaker['make']> | undefined;
  /** Where `@libp2p/mdns` asks and answers. */
  #served: LanInterface | undefined;
  #rounds: NodeJS.Timeout[] = [];
  #running = false;
  /** Restarts one after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor(maker: MdnsMaker, networkId: string, events: DiscoveryEvents, log: Logger) {
    this.#maker = maker;
    this.#tag = serviceTag(networkId);
    this.#events = events;
    this.#log = log;
  }

  /** Must be called when the host listens: before, it has no address to tell. */
  async start(interfaces: readonly LanInterface[]): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    this.use(interfaces);
    await this.#turn;
  }

  async stop(): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    for (const timer of this.#rounds) clearTimeout(timer);
    await this.#turn;
    await this.#stopMdns();
    await Promise.all(this.#links.map((link) => link.close()));
    this.#links = [];
  }

  /** All interfaces as they are now. */
  interfaces(): InterfaceState[] {
    return this.#links.map((link) => link.show());
  }

  /** The interfaces are these now: the new ones get links, and all is asked anew. */
  use(now: readonly LanInterface[]): void {
    if (!this.#running) return;
    const gone = this.#links.filter(({ lan }) => !now.some(({ key }) => key === lan.key));
    this.#links = now.map(
      (lan) => this.#links.find((link) => link.lan.key === lan.key) ?? this.#makeLink(lan),
    );
    this.#turn = this.#turn.then(async () => {
      await Promise.all(gone.map((link) => link.close()));
      if (!this.#running) return;
      // It joins an interface once for all time: one that was gone and came back is not heard by the same socket.
      await this.#stopMdns();
      await this.#findServed();
      await this.#startMdns();
      this.#startRounds();
    });
  }

  #makeLink(lan: LanInterface): MdnsLink {
    return new MdnsLink({
      lan,
      serviceTag: this.#tag,
      peerName: this.#peerName,
      answers: () => (this.#isServed(lan) ? [] : announcedOn(lan, this.#maker.listening())),
      // On Linux every socket hears what any interface hears.
      isHere: (address) => lan.contains(address) || !this.#links.some((link) => link.lan.contains(address)),
      heardOther: (name, from) => {
        const digits = ANY_SERVICE_TAG.exec(name)?.[1];
        if (digits !== undefined) this.#events.otherNetwork(digits, from);
      },
      changed: (state) => this.#tellState(state),
    });
  }

  #isServed({ key }: LanInterface): boolean {
    return this.#served?.key === key;
  }

  /** One line for each change: an interface that fails is named once. */
  #tellState({ name, address, internal, mdns, error }: InterfaceState): void {
    const fields = { interface: name, address, ...(error === undefined ? {} : { code: error }) };
    // Beside others, loopback serves only nodes that listen nowhere else.
    const spare = internal && this.#links.some(({ lan }) => !lan.internal);
    const trouble = mdns === 'not-heard' || mdns === 'failed';
    if (spare || !trouble) this.#log.debug(fields, `mdns-${mdns}`);
    else this.#log.warn(fields, `mdns-${mdns}`);
  }

  async #startMdns(): Promise<void> {
    if (!this.#running) return;
    const mdns = this.#maker.make({
      serviceTag: this.#tag,
      peerName: this.#peerName,
      interval: limits.MDNS_INTERVAL_MS,
      addresses: () => (this.#served === undefined ? [] : announcedOn(this.#served, this.#maker.listening())),
    });
    this.#mdns = mdns;
    mdns.addEventListener('peer', this.#onPeer);
    await start(mdns);
  }

  async #stopMdns(): Promise<void> {
    const mdns = this.#mdns;
    this.#mdns = undefined;
    mdns?.removeEventListener('peer', this.#onPeer);
    await stop(mdns);
  }

  /** Asks at once, a few times more since a packet may be lost, and then for good. */
  #startRounds(): void {
    for (const timer of this.#rounds) clearTimeout(timer);
    if (!this.#running) return;
    for (const link of this.#links) link.ask({ elsewhere: this.#isServed(link.lan) });
    const round = async (repeated: boolean) => {
      await this.#findServed(); // a route may come after its interface
      if (!this.#running) return;
      for (const link of this.#links) link.ask({ elsewhere: !repeated && this.#isServed(link.lan) });
    };
    this.#rounds = limits.MDNS_REPEAT_MS.map((ms) => setTimeout(round, ms, true));
    this.#rounds.push(setInterval(round, limits.MDNS_INTERVAL_MS, false));
  }

  /** On which interface `@libp2p/mdns` sends: as multicast-dns chooses it. */
  async #findServed(): Promise<void> {
    const lans = this.#links.map(({ lan }) => lan);
    const first = lans.find(({ internal }) => !internal);
    const isFixed = process.platform === 'darwin' && first?.name === 'en0';
    const address = first === undefined ? '127.0.0.1' : isFixed ? first.address : await routedAddress();
    const served = lans.find(({ addresses }) => addresses.includes(address ?? ''));
    // It tells only private addresses; a campus may have others.
    this.#served = served !== undefined && isPrivateIp(served.address) ? served : undefined;
  }

  readonly #onPeer = ({ detail }: CustomEvent<PeerInfo>): void =>
    this.#events.found(detail.id.toString(), near(plausible(detail.multiaddrs)));
}

/**
 * From where this machine sends to the multicast address when nobody chooses; undefined without a route. Connecting a
 * UDP socket looks the route up and sends nothing.
 */
function routedAddress(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const end = (address?: string) => {
      socket.close();
      resolve(address);
    };
    socket.once('error', () => end()); // no route: told by the interfaces that have none
    socket.connect(limits.MDNS_PORT, limits.MDNS_ADDRESS, () => end(socket.address().address));
  });
}
