import { BlockList } from 'node:net';
import { type InterfaceTable, interfaceTable } from '../interface-table.js';
import { isLinkLocal } from '../link-local.js';
import type { Logger } from '../log.js';
import { INTERFACES_POLL_MS } from './constants.js';

/** A network interface that is up and has an IPv4 address: one that mDNS can speak on. */
export interface LanInterface {
  readonly name: string;
  /** Its first IPv4 address: names the interface to the system. */
  readonly address: string;
  /** Loopback. */
  readonly internal: boolean;
  /** All of its addresses, those of IPv6 that need a scope left out: a multiaddr of another host cannot name it. */
  readonly addresses: readonly string[];
  /** The same as long as the interface is: another address, mask or card is another interface. */
  readonly key: string;
  /** Whether an IPv4 address is in one of its subnets. */
  contains(address: string): boolean;
}

/** The interfaces of this machine, as they are now; none where the system does not tell. */
export function lanInterfaces(table: InterfaceTable = interfaceTable() ?? {}): LanInterface[] {
  return Object.entries(table).flatMap(([name, all = []]) => {
    const usable = all.filter(({ family, address }) => family === 'IPv4' || !isLinkLocal(address));
    const four = usable.filter(({ family }) => family === 'IPv4');
    const [first] = four;
    if (first === undefined) return [];
    const subnets = new BlockList();
    for (const { address, cidr } of four) subnets.addSubnet(address, Number(cidr?.split('/')[1] ?? 32));
    return [
      {
        name,
        address: first.address,
        internal: first.internal,
        addresses: usable.map(({ address }) => address),
        key: [name, first.mac, ...usable.map(({ address, cidr }) => cidr ?? address)].join(' '),
        contains: (address) => subnets.check(address),
      },
    ];
  });
}

/** Tells when an interface comes, goes or changes. By asking every second: Node has no event for it. */
export class InterfaceWatch {
  readonly #changed: (now: readonly LanInterface[]) => void;
  readonly #log: Logger;
  readonly #read: () => InterfaceTable | undefined;
  #list: readonly LanInterface[] = [];
  #isReadable = true;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    changed: (now: readonly LanInterface[]) => void,
    log: Logger,
    read: () => InterfaceTable | undefined = interfaceTable,
  ) {
    this.#changed = changed;
    this.#log = log;
    this.#read = read;
  }

  /** As they were last seen. */
  get list(): readonly LanInterface[] {
    return this.#list;
  }

  /** Those that are there at the start are no news. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#list = this.#now();
    this.#tellLack();
    this.#timer = setInterval(() => this.#look(), INTERFACES_POLL_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const before = this.#list;
    const now = this.#now();
    const gone = missing(before, now);
    const come = missing(now, before);
    if (gone.length === 0 && come.length === 0) return;
    this.#list = now;
    for (const { name, address } of gone) this.#log.info({ interface: name, address }, 'interface-gone');
    for (const { name, address } of come) this.#log.info({ interface: name, address }, 'interface-up');
    this.#tellLack();
    this.#changed(now);
  }

  /** Where the system does not tell, all is taken to be as it was. */
  #now(): readonly LanInterface[] {
    const table = this.#read();
    if (table === undefined && this.#isReadable) this.#log.warn({}, 'interfaces-unreadable');
    this.#isReadable = table !== undefined;
    return table === undefined ? this.#list : lanInterfaces(table);
  }

  #tellLack(): void {
    if (this.#isReadable && this.#list.every(({ internal }) => internal))
      this.#log.warn({}, 'no-interface-but-loopback');
  }
}

function missing(from: readonly LanInterface[], list: readonly LanInterface[]): LanInterface[] {
  return from.filter(({ key }) => !list.some((other) => other.key === key));
}
