/** What befalls the nodes: kills, stops, splits, cuts and attacks, one after the other, each undone after a while. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Dice } from '../helpers/dice.js';
import type { Host } from '../lan/host.js';
import type { Lan } from '../lan/lan.js';
import type { LanNode } from '../lan/lan-node.js';
import { ATTACKS } from './attacks.js';
import { complaintsOf } from './complaints.js';

/** Between the end of one and the begin of the next, on average, in ms. */
const REST_MS = 6_000;

export interface Slot {
  readonly host: Host;
  /** Whether it is never ended, so that what it holds can be watched for long. */
  readonly isVeteran: boolean;
  node: LanNode;
  isUp: boolean;
  /** Of its earlier lives: lines that no node should have to write, and ends that nobody asked for. */
  readonly complaints: string[];
}

/** Its name, how often it is among all, and what happens: false where it did not. */
type Mishap = readonly [name: string, weight: number, happen: () => Promise<unknown>];

export class Churn {
  readonly counts = new Map<string, number>();
  readonly #mishaps: readonly Mishap[];

  /** @param attacker the program of the attacks, bundled */
  constructor(
    private readonly lan: Lan,
    private readonly slots: readonly Slot[],
    private readonly attackers: readonly Host[],
    private readonly attacker: string,
    private readonly networkId: string,
    private readonly dice: Dice,
    private readonly signal: AbortSignal,
  ) {
    this.#mishaps = [
      ['kill', 8, () => this.#end('SIGKILL')],
      ['stop', 2, () => this.#end('SIGTERM')],
      ['split', 3, () => this.#split()],
      ['cut', 3, () => this.#cut()],
      ...Object.keys(ATTACKS).map((name): Mishap => [`attack: ${name}`, 1, () => this.#attack(name)]),
    ];
  }

  /** Until the signal; all that was undone is done again by then. */
  async run(): Promise<void> {
    const weights = this.#mishaps.flatMap((mishap) => Array.from({ length: mishap[1] }, () => mishap));
    while (!this.signal.aborted) {
      const [name, , happen] = this.dice.of(weights);
      const counted = (await happen()) === false ? `failed ${name}` : name;
      this.counts.set(counted, (this.counts.get(counted) ?? 0) + 1);
      await this.#wait(2 * REST_MS * this.dice.next());
    }
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const slot = this.dice.of(this.slots.filter(({ isVeteran }) => !isVeteran));
    slot.isUp = false;
    const end = await slot.node.end(signal);
    slot.complaints.push(...complaintsOf(slot.node));
    if (end !== (signal === 'SIGTERM' ? 'code 0' : signal))
      slot.complaints.push(`${slot.host.name} ended by ${end}, where it was to by ${signal}`);
    await this.#wait(1_000 + 8_000 * this.dice.next());
    slot.node = await slot.node.again();
    slot.isUp = true;
  }

  /** Two halves that hear nothing of each other. The attackers are with the first. */
  async #split(): Promise<void> {
    const hosts = this.slots.map(({ host }) => host);
    const away = hosts.filter(() => this.dice.below(2) === 0);
    await this.lan.split(
      this.lan.hosts.filter((host) => !away.includes(host)),
      away,
    );
    await this.#wait(10_000 + 20_000 * this.dice.next());
    await this.lan.heal();
  }

  async #cut(): Promise<void> {
    const { host } = this.dice.of(this.slots);
    await this.lan.cut(host);
    await this.#wait(5_000 + 15_000 * this.dice.next());
    await this.lan.mend(host);
  }

  /** @returns whether it was carried through */
  async #attack(name: string): Promise<boolean> {
    const { node } = this.dice.of(this.slots.filter(({ isUp }) => isUp));
    const host = this.dice.of(this.attackers);
    const seconds = String(5 + this.dice.below(10));
    const command = [process.execPath, this.attacker, name, await node.address(), this.networkId, seconds];
    const child = host.spawn(command);
    return (await new Promise((resolve) => child.on('close', resolve))) === 0;
  }

  async #wait(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.signal }).catch(() => {});
  }
}
