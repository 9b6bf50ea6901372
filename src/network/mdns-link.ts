import './mdns-packets.js';
import multicastDns from 'multicast-dns';
import * as limits from './constants.js';
import type { InterfaceState, MdnsState } from './diagnosis.js';
import type { LanInterface } from './interfaces.js';

export interface MdnsLinkInit {
  readonly lan: LanInterface;
  readonly serviceTag: string;
  /** Names this node in its records: random, the same on all interfaces. At most 63 characters, as a DNS label. */
  readonly peerName: string;
  /** Our addresses on this interface, as multiaddrs with peer id; none when another answers here. */
  answers(): readonly { toString(): string }[];
  /** Whether what this address sends reaches us through this interface. */
  isHere(address: string): boolean;
  /** A question was heard that is not for our service. */
  heardOther(name: string, from: string): void;
  changed(state: InterfaceState): void;
}

/**
 * mDNS on one interface: asks, answers, and notices whether its own question comes back.
 *
 * The records are those of `@libp2p/mdns` and of the specification: https://github.com/libp2p/specs/blob/master/discovery/mdns.md
 */
export class MdnsLink {
  readonly #init: MdnsLinkInit;
  #socket: multicastDns.MulticastDNS | undefined;
  #state: MdnsState = 'asked';
  #since = new Date();
  #error: string | undefined;
  /** Questions since ours last came back. */
  #unheard = 0;

  constructor(init: MdnsLinkInit) {
    this.#init = init;
  }

  get lan(): LanInterface {
    return this.#init.lan;
  }

  show(): InterfaceState {
    const { name, address, internal } = this.#init.lan;
    return {
      name,
      address,
      internal,
      mdns: this.#state,
      since: this.#since,
      error: this.#error,
    };
  }

  /** Asks who is there. @param elsewhere the question is asked by another; only whether it is heard counts here */
  ask({ elsewhere }: { elsewhere: boolean }): void {
    const socket = this.#open();
    this.#unheard += 1;
    if (this.#unheard > limits.MDNS_UNHEARD_QUESTIONS && this.#state !== 'failed') this.#become('not-heard');
    if (elsewhere) return;
    socket.query({ questions: [{ name: this.#init.serviceTag, type: 'PTR' }] }, (error) => {
      if (socket !== this.#socket) return;
      if (error) this.#failed(error);
      else if (this.#state === 'failed') this.#become('asked');
    });
  }

  close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return Promise.resolve();
    return new Promise((resolve) => socket.destroy(resolve));
  }

  /** Opens the socket, again where it failed before. */
  #open(): multicastDns.MulticastDNS {
    if (this.#socket !== undefined) return this.#socket;
    const { lan } = this.#init;
    const { MDNS_ADDRESS: ip, MDNS_PORT: port } = limits;
    // Bound to the interface's own address, a socket would not hear multicast on Linux.
    const socket = multicastDns({ interface: lan.address, bind: '0.0.0.0', ip, port });
    this.#socket = socket;
    socket.on('error', this.#failed);
    // Either the system refuses us something (then it names the call), or a packet of somebody's is malformed.
    socket.on('warning', (error: NodeJS.ErrnoException) => {
      if (error.syscall !== undefined) this.#failed(error);
    });
    socket.on('query', ({ questions }, from) => {
      if (socket !== this.#socket || !this.#init.isHere(from.address)) return;
      const names = new Set(questions.map(({ name }) => name));
      // However often a packet asks it, the answer is one.
      if (names.delete(this.#init.serviceTag)) this.#answer(socket, from.address);
      for (const name of names) this.#init.heardOther(name, from.address);
    });
    return socket;
  }

  #answer(socket: multicastDns.MulticastDNS, from: string): void {
    const { serviceTag, peerName, lan } = this.#init;
    if (from === lan.address) {
      this.#unheard = 0;
      this.#become('heard');
    }
    const addresses = this.#init.answers().slice(0, limits.MAX_ADDRESSES_PER_PEER);
    if (addresses.length === 0) return;
    const record = { class: 'IN', ttl: limits.MDNS_TTL_S } as const;
    socket.respond(
      [
        { ...record, type: 'PTR', name: serviceTag, data: `${peerName}.${serviceTag}` },
        ...addresses.map((address) => ({
          ...record,
          type: 'TXT' as const,
          name: `${peerName}.${serviceTag}`,
          data: `dnsaddr=${address}`,
        })),
      ],
      (error) => {
        if (error && socket === this.#socket) this.#failed(error);
      },
    );
  }

  /** Closes the socket too: where joining failed, it would send on another interface. The next question opens it. */
  readonly #failed = (error: NodeJS.ErrnoException): void => {
    const socket = this.#socket;
    this.#socket = undefined;
    // Not at once: it tells that joining failed while it is being set up, and goes on with that.
    queueMicrotask(() => socket?.destroy());
    this.#become('failed', error.code ?? error.message);
  };

  #become(state: MdnsState, error?: string): void {
    if (state === this.#state && error === this.#error) return;
    if (state === 'asked') this.#unheard = 1;
    this.#state = state;
    this.#error = error;
    this.#since = new Date();
    this.#init.changed(this.show());
  }
}
