/**
 * A LAN in a test: hosts as network namespaces, joined by the bridges of one more namespace, the switch. No host has a
 * default route unless a test gives it one. All inside the namespace the tests run in, and gone with its test.
 */
import { onTestFinished } from 'vitest';
import { scratch } from '../e2e/running-node.js';
import { Cable, type CableSettings } from './cable.js';
import { Host, type Port } from './host.js';
import { Namespace } from './namespace.js';

export class Lan {
  readonly hosts: Host[] = [];
  readonly #directory = scratch();
  readonly #bridges = new Map<string, Promise<void>>();
  #multicast = true;

  private constructor(private readonly wires: Namespace) {}

  /** A LAN of so many hosts, 10.99.0.1 and on. Ended with its test, however that ends. */
  static async make(count: number): Promise<Lan> {
    const wires = await Namespace.make('switch');
    onTestFinished(() => wires.end());
    // What the switch's own ends of the cables would say for themselves is no part of a LAN.
    await wires.run(['sh', '-c', 'echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6 || true']);
    const lan = new Lan(wires);
    const hosts = await Promise.all(Array.from({ length: count }, () => lan.addHost()));
    await Promise.all(hosts.map((host) => lan.attach(host)));
    return lan;
  }

  /** A host with nothing but loopback. */
  async addHost(): Promise<Host> {
    const host = new Host(this.hosts.length + 1, this.#directory);
    this.hosts.push(host);
    await host.turnOn();
    onTestFinished(() => host.turnOff());
    return host;
  }

  /**
   * Gives a host an interface: eth0 first, then eth1 and on.
   *
   * @param wire which LAN it leads to: 10.99.WIRE.0/24
   */
  async attach(host: Host, wire = 0): Promise<Port> {
    const device = `eth${host.ports.length}`;
    const name = `h${host.number}e${host.ports.length}`;
    const port: Port = { device, name, wire, address: `10.99.${wire}.${host.number}`, cable: undefined };
    host.ports.push(port);
    await this.wires.ip(`link add ${name} type veth peer name ${device} netns ${host.pid}`);
    await this.#plugInto(bridgeOf(wire, 0), [port]);
    await this.wires.ip(`link set ${name} up`);
    await host.ip(`addr add ${port.address}/24 dev ${device}`, `link set ${device} up`);
    return port;
  }

  /** Groups of hosts that hear each other and nobody else; the interfaces stay up, as behind a switch that fails. */
  async split(...groups: Host[][]): Promise<void> {
    for (const [number, group] of groups.entries()) {
      await this.#plugInto(
        bridgeOf(0, number),
        group.flatMap((host) => host.ports.filter(({ wire }) => wire === 0)),
      );
    }
  }

  /** All hosts on one LAN again. */
  heal(): Promise<void> {
    return this.split(this.hosts);
  }

  /** Cuts a host off without a word: nothing on it tells. */
  cut(host: Host): Promise<void> {
    return this.#plugInto(bridgeOf(0, 100 + host.number), host.ports);
  }

  async mend(host: Host): Promise<void> {
    for (const port of host.ports) await this.#plugInto(bridgeOf(port.wire, 0), [port]);
  }

  /** Pulls a host's cable: its interface has no carrier. */
  async unplug({ ports }: Host): Promise<void> {
    await this.wires.ip(...ports.map(({ name }) => `link set ${name} down`));
  }

  async plug({ ports }: Host): Promise<void> {
    await this.wires.ip(...ports.map(({ name }) => `link set ${name} up`));
  }

  /** Whether the switch passes multicast on; all else goes through in any case. */
  async multicast(passes: boolean): Promise<void> {
    this.#multicast = passes;
    const ports = this.hosts.flatMap((host) => host.ports);
    await this.wires.ip(...ports.map((port) => this.#flood(port)));
  }

  /**
   * Makes a host's cable bad; {} makes it good again.
   *
   * @param seed decides which frames are lost
   */
  async spoil(host: Host, settings: CableSettings, seed = host.number): Promise<void> {
    for (const port of host.ports) {
      if (port.cable === undefined) {
        port.cable = await Cable.lay(this.wires, port.name, seed);
        await this.#plugInto(bridgeOf(port.wire, 0), [port]);
      }
      await port.cable.set(settings);
    }
  }

  async #plugInto(bridge: string, ports: readonly Port[]): Promise<void> {
    const made =
      this.#bridges.get(bridge) ?? this.wires.ip(`link add ${bridge} up type bridge mcast_snooping 0`);
    this.#bridges.set(bridge, made);
    await made;
    await this.wires.ip(
      ...ports.flatMap((port) => [`link set ${plugOf(port)} master ${bridge}`, this.#flood(port)]),
    );
  }

  #flood(port: Port): string {
    return `link set ${plugOf(port)} type bridge_slave mcast_flood ${this.#multicast ? 'on' : 'off'}`;
  }
}

function bridgeOf(wire: number, group: number): string {
  return `w${wire}g${group}`;
}

/** What of a host's cable goes into the switch. */
function plugOf({ cable, name }: Port): string {
  return cable?.plug ?? name;
}
