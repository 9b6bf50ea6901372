import './mdns-packets.js';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import multicastDns from 'multicast-dns';
import * as limits from './constants.js';
import type { InterfaceState, MdnsState } from './diagnosis.js';
import { type LanInterface, lanInterfaces } from './interfaces.js';

/** Every machine that offers anything by mDNS answers this (RFC 6763, 9): printers, telephones, other laptops. */
const ANY_SERVICE = '_services._dns-sd._udp.local';
const TELLS_ADDRESS = 'dnsaddr=';

/** What came back of questions asked by mDNS on every interface. */
export interface Heard {
  /** Whether our own question was heard on each. */
  readonly interfaces: readonly InterfaceState[];
  /** IP addresses of the other machines that were heard, whatever they are. */
  readonly machines: readonly string[];
  /** Multiaddrs, with peer id, that the nodes asked for have told. */
  readonly addresses: readonly string[];
}

/**
 * Asks by mDNS who is there, on each interface by itself, and listens for a while. Whether a node runs here makes no
 * difference: its questions are told from ours by their names.
 *
 * @param serviceTags of the networks whose nodes are asked for
 * @param listenMs how long to listen
 * @param signal gives up: what was heard until then is the answer
 */
export async function askAround(
  serviceTags: readonly string[],
  listenMs: number,
  signal: AbortSignal = new AbortController().signal,
): Promise<Heard> {
  const lans = lanInterfaces().filter(({ internal }) => !internal);
  const ownName = `${randomUUID()}._gossipchain._udp.local`;
  const own = new Set(lanInterfaces().flatMap(({ addresses }) => addresses));
  const machines = new Set<string>();
  const addresses = new Set<string>();
  const ears = lans.map((lan) => {
    const ear = new Ear(lan, ownName);
    ear.socket.on('packet', (packet, { address }) => {
      if (!own.has(address) && machines.size < limits.MAX_DIAGNOSIS_ENTRIES) machines.add(address);
      for (const told of addressesIn(packet, serviceTags))
        if (addresses.size < limits.MAX_DIAGNOSIS_ENTRIES) addresses.add(told);
    });
    return ear;
  });
  const names = [ownName, ANY_SERVICE, ...serviceTags];
  // A packet may be lost: everything is asked twice.
  for (let round = 0; round < 2 && !signal.aborted; round++) {
    for (const ear of ears) ear.ask(names);
    await delay(listenMs / 2, undefined, { signal }).catch(() => undefined); // given up: that is all then
  }
  await Promise.all(ears.map((ear) => ear.close()));
  return {
    interfaces: ears.map((ear) => ear.show()),
    machines: [...machines],
    addresses: [...addresses],
  };
}

/** One interface, listened to. */
class Ear {
  readonly socket: multicastDns.MulticastDNS;
  readonly #since = new Date();
  #state: MdnsState = 'not-heard';
  #error: string | undefined;

  constructor(
    private readonly lan: LanInterface,
    ownName: string,
  ) {
    // Bound to the interface's own address, a socket would not hear multicast on Linux.
    const { MDNS_ADDRESS: ip, MDNS_PORT: port } = limits;
    this.socket = multicastDns({ interface: lan.address, bind: '0.0.0.0', ip, port });
    this.socket.on('error', this.#failed);
    // Either the system refuses us something (then it names the call), or a packet of somebody's is malformed.
    this.socket.on('warning', (error: NodeJS.ErrnoException) => {
      if (error.syscall !== undefined) this.#failed(error);
    });
    this.socket.on('query', ({ questions }, from) => {
      if (from.address === lan.address && questions.some(({ name }) => name === ownName))
        this.#state = 'heard';
    });
  }

  ask(names: readonly string[]): void {
    this.socket.query({ questions: names.map((name) => ({ name, type: 'PTR' })) }, (error) => {
      if (error) this.#failed(error);
    });
  }

  show(): InterfaceState {
    const { name, address, internal } = this.lan;
    return { name, address, internal, mdns: this.#state, since: this.#since, error: this.#error };
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.socket.destroy(resolve));
  }

  readonly #failed = (error: NodeJS.ErrnoException): void => {
    this.#state = 'failed';
    this.#error = error.code ?? error.message;
  };
}

function addressesIn(
  packet: multicastDns.ResponsePacket | multicastDns.QueryPacket,
  tags: readonly string[],
) {
  return (packet.answers ?? []).flatMap((answer) => {
    if (answer.type !== 'TXT' || !tags.some((tag) => answer.name.endsWith(`.${tag}`))) return [];
    return [answer.data]
      .flat()
      .map(String)
      .filter((text) => text.startsWith(TELLS_ADDRESS))
      .map((text) => text.slice(TELLS_ADDRESS.length));
  });
}
