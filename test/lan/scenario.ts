/** A story of a LAN in which things go wrong, told by dice: the same seed tells the same one. */
import type { Dice } from '../helpers/dice.js';
import type { Host } from './host.js';
import type { Lan } from './lan.js';
import type { LanNode } from './lan-node.js';
import { Acknowledged } from './room.js';

const STEPS = 8;
/** Some pauses are long enough for a peer's silence to be noticed, most are not. */
const PAUSES_MS = [0, 100, 500, 1_000, 2_000, 13_000];

export class Scenario {
  readonly sent = new Acknowledged();
  /** What happened, for whoever must understand a failure. */
  readonly steps: string[] = [];

  /** @param nodes those that run; a step may replace one */
  constructor(
    private readonly lan: Lan,
    readonly nodes: LanNode[],
    private readonly dice: Dice,
  ) {}

  async run(): Promise<void> {
    const steps = [
      this.#split,
      this.#heal,
      this.#cut,
      this.#mend,
      this.#restart,
      this.#send,
      this.#mine,
      this.#mine,
    ];
    for (let step = 0; step < STEPS; step++) {
      this.steps.push(await this.dice.of(steps).call(this));
      const pause = this.dice.of(PAUSES_MS);
      this.steps.push(`wait ${pause} ms`);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    await this.lan.heal();
  }

  async #split(): Promise<string> {
    const groups: Host[][] = [[], [], []];
    for (const host of this.lan.hosts) this.dice.of(groups).push(host);
    await this.lan.split(...groups);
    return `split ${groups.map((group) => group.map(({ number }) => number).join(' ')).join(' | ')}`;
  }

  async #heal(): Promise<string> {
    await this.lan.heal();
    return 'heal';
  }

  async #cut(): Promise<string> {
    const host = this.dice.of(this.lan.hosts);
    await this.lan.cut(host);
    return `cut ${host.number}`;
  }

  async #mend(): Promise<string> {
    const host = this.dice.of(this.lan.hosts);
    await this.lan.mend(host);
    return `mend ${host.number}`;
  }

  async #restart(): Promise<string> {
    const at = this.dice.below(this.nodes.length);
    const signal = this.dice.of(['SIGKILL', 'SIGTERM'] as const);
    await this.nodes[at]!.end(signal);
    this.nodes[at] = await this.nodes[at]!.again();
    return `restart ${at + 1} by ${signal}`;
  }

  async #send(): Promise<string> {
    const node = this.dice.of(this.nodes);
    const count = 1 + this.dice.below(5);
    await this.sent.send(node, count);
    return `${node.host.number} sends ${count}`;
  }

  async #mine(): Promise<string> {
    const node = this.dice.of(this.nodes);
    const count = 1 + this.dice.below(4);
    await node.mine(count);
    return `${node.host.number} mines ${count}`;
  }
}
