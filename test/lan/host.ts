import type { ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { Cable } from './cable.js';
import { LanNode } from './lan-node.js';
import { Namespace } from './namespace.js';

const HOLDER = resolve('test/lan/host-process.js');

/** One of a host's interfaces. */
export interface Port {
  /** As the host calls it. */
  readonly device: string;
  /** As the switch calls it. */
  readonly name: string;
  /** Which LAN it leads to. */
  readonly wire: number;
  readonly address: string;
  cable: Cable | undefined;
}

/** A machine of the LAN: a network and a name of its own, and a home directory. */
export class Host {
  readonly ports: Port[] = [];
  readonly name: string;
  #namespace: Namespace | undefined;

  /** @param directory where the LAN keeps its hosts' files */
  constructor(
    readonly number: number,
    private readonly directory: string,
  ) {
    this.name = `host${number}`;
  }

  get home(): string {
    return join(this.directory, this.name);
  }

  /** Its first address. */
  get address(): string {
    return this.ports[0]!.address;
  }

  get pid(): number {
    return this.#inside.pid;
  }

  async turnOn(): Promise<void> {
    this.#namespace = await Namespace.make(this.name, [process.execPath, HOLDER, this.socket]);
  }

  async turnOff(): Promise<void> {
    await this.#namespace?.end();
  }

  /** The UNIX socket that leads to the ports of its loopback address. */
  get socket(): string {
    return join(this.directory, `${this.name}.sock`);
  }

  /** Runs a command on this host. */
  run(...command: string[]): Promise<string> {
    return this.#inside.run(command);
  }

  /** A process on this host, until it ends or the test's own process does. */
  spawn(command: readonly string[]): ChildProcess {
    return this.#inside.spawn(command);
  }

  ip(...lines: string[]): Promise<void> {
    return this.#inside.ip(...lines);
  }

  /** Starts a node, and waits until it answers. Its data stay in this host's home. */
  start(...args: string[]): Promise<LanNode> {
    return LanNode.start(this, this.#inside, args);
  }

  get #inside(): Namespace {
    if (this.#namespace === undefined) throw new Error(`${this.name} is not turned on`);
    return this.#namespace;
  }
}
