/** What a seed does to the nodes: so many of them, and so many steps at their times. */
import { MEMPOOL_LIMITS, type MempoolLimits, type Transaction } from '../../src/chain/index.js';
import { layout } from '../../src/storage/layout.js';
import { payment, seededNonce } from '../helpers/chains.js';
import { Dice } from '../helpers/dice.js';
import type { SimulatedNetwork } from './network.js';
import type { SimulatedNode } from './node.js';
import type { VirtualTime } from './virtual-time.js';
import { WEATHERS } from './weather.js';

/** What a step acts on. */
export interface Stage {
  readonly time: VirtualTime;
  readonly network: SimulatedNetwork;
  readonly nodes: readonly SimulatedNode[];
}

export interface Step {
  /** From 1 on; what it is called when a run leaves others out. */
  readonly number: number;
  /** In ms since the beginning. */
  readonly at: number;
  readonly what: string;
  act(stage: Stage): void;
}

export interface Scenario {
  readonly nodes: number;
  readonly mempoolLimits: MempoolLimits;
  readonly pieceBlocks: number;
  readonly steps: readonly Step[];
}

type Act = Pick<Step, 'what' | 'act'>;

/** Between two steps, in ms: most come together, some after everything has come to rest or has grown old. */
const PAUSES_MS = [
  0, 0, 0, 5, 20, 50, 100, 200, 300, 400, 500, 1_000, 1_500, 2_000, 5_000, 10_000, 30_000, 65_000,
];
const SMALL_MEMPOOL: MempoolLimits = { ...MEMPOOL_LIMITS, transactions: 8, perPeer: 4 };

/** What a node may be writing when it crashes: an adoption takes several writes, all else is one. */
const WRITES = [
  { what: 'an adoption', prefix: layout.adoption },
  { what: 'an adoption', prefix: layout.adoption },
  { what: 'a change of its head', prefix: 'run/' },
  { what: 'a change of what is pending', prefix: 'pending/' },
] as const;

export const NAMES = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'] as const;

export function scenarioOf(seed: number): Scenario {
  const dice = new Dice(seed);
  const nodes = 4 + Math.floor(dice.next() ** 3 * 5);
  const mempoolLimits = dice.below(5) === 0 ? SMALL_MEMPOOL : MEMPOOL_LIMITS;
  const pieceBlocks = dice.of([1, 2, 3, 5, 8_192]);
  const acts = new Acts(dice, nodes);
  const steps: Step[] = [];
  const count = 8 + dice.below(20);
  let at = 0;
  for (let number = 1; number <= count; number++) {
    at += dice.of(PAUSES_MS);
    steps.push({ number, at, ...acts.next() });
  }
  return { nodes, mempoolLimits, pieceBlocks, steps };
}

/** The kinds of steps, each drawn as often as it stands in the list. */
class Acts {
  readonly #sent: Transaction[] = [];
  readonly #kinds = [
    this.#mine,
    this.#mine,
    this.#mine,
    this.#mine,
    this.#send,
    this.#send,
    this.#send,
    this.#sendAgain,
    this.#split,
    this.#split,
    this.#heal,
    this.#cut,
    this.#hiccup,
    this.#crash,
    this.#crashInWrite,
    this.#crashInWrite,
    this.#crashInWrite,
    this.#stop,
    this.#changeWeather,
    this.#slowDisk,
    this.#resolve,
  ];

  constructor(
    private readonly dice: Dice,
    private readonly nodes: number,
  ) {}

  next(): Act {
    return this.dice.of(this.#kinds).call(this);
  }

  #mine(): Act {
    const node = this.#node();
    const count = 1 + this.dice.below(3);
    return {
      what: `${NAMES[node]} mines ${count}`,
      act: ({ nodes }) => {
        for (let mined = 0; mined < count; mined++) void nodes[node]!.mine();
      },
    };
  }

  #send(): Act {
    const node = this.#node();
    const transactions = Array.from({ length: 1 + this.dice.below(4) }, () => {
      const seed = this.#sent.length;
      const transaction = payment('alice', `bob ${seed}`, 1, seededNonce(seed));
      this.#sent.push(transaction);
      return transaction;
    });
    return {
      what: `${NAMES[node]} is sent ${transactions.map(({ id }) => id.slice(0, 6)).join(' ')}`,
      act: ({ nodes }) => {
        for (const transaction of transactions) void nodes[node]!.send(transaction);
      },
    };
  }

  /** A client that had no answer tries again, perhaps elsewhere. */
  #sendAgain(): Act {
    if (this.#sent.length === 0) return this.#send();
    const node = this.#node();
    const transaction = this.dice.of(this.#sent);
    return {
      what: `${NAMES[node]} is sent ${transaction.id.slice(0, 6)} again`,
      act: ({ nodes }) => void nodes[node]!.send(transaction),
    };
  }

  #split(): Act {
    const groups = new Map(NAMES.map((name) => [name as string, this.dice.below(2 + this.dice.below(2))]));
    const names = [0, 1, 2].map((group) =>
      NAMES.slice(0, this.nodes)
        .filter((name) => groups.get(name) === group)
        .join(''),
    );
    return {
      what: `split ${names.join(' | ')}`,
      act: ({ network }) => network.split((name) => groups.get(name)!),
    };
  }

  #heal(): Act {
    return { what: 'heal', act: ({ network }) => network.heal() };
  }

  #cut(): Act {
    const a = this.#node();
    const b = (a + 1 + this.dice.below(this.nodes - 1)) % this.nodes;
    return {
      what: `cut ${NAMES[a]} from ${NAMES[b]}`,
      act: ({ network }) => network.cut(NAMES[a]!, NAMES[b]!),
    };
  }

  #hiccup(): Act {
    return { what: 'every connection breaks', act: ({ network }) => network.hiccup() };
  }

  #crash(): Act {
    const node = this.#node();
    const ms = this.#downtime();
    return {
      what: `${NAMES[node]} crashes, to be back after ${ms} ms`,
      act: ({ nodes, time }) => {
        nodes[node]!.crash();
        time.after(ms, () => void nodes[node]!.start());
      },
    };
  }

  #crashInWrite(): Act {
    const node = this.#node();
    const { what, prefix } = this.dice.of(WRITES);
    const writes = 1 + this.dice.below(4);
    const ms = this.#downtime();
    return {
      what: `${NAMES[node]} is to crash in the middle of ${what}, at write ${writes}, and be back after ${ms} ms`,
      act: ({ nodes, time }) => {
        const spring = () => {
          nodes[node]!.crash(`crashes in the middle of ${what}`);
          time.after(ms, () => void nodes[node]!.start());
        };
        nodes[node]!.disk.setTrap({ prefix, writes, spring });
      },
    };
  }

  #stop(): Act {
    const node = this.#node();
    const ms = this.#downtime();
    return {
      what: `${NAMES[node]} stops, to be back after ${ms} ms`,
      act: ({ nodes, time }) => {
        void nodes[node]!.stop();
        time.after(ms, () => void nodes[node]!.start());
      },
    };
  }

  #changeWeather(): Act {
    const weather = this.dice.of(WEATHERS);
    return {
      what: `the network is ${weather.name}`,
      act: ({ network }) => {
        network.weather = weather;
      },
    };
  }

  #slowDisk(): Act {
    const node = this.#node();
    const ms = this.dice.of([1, 50, 500]);
    return {
      what: `the disk of ${NAMES[node]} takes up to ${ms} ms to write`,
      act: ({ nodes }) => {
        nodes[node]!.disk.slowestWriteMs = ms;
      },
    };
  }

  #resolve(): Act {
    const node = this.#node();
    return { what: `${NAMES[node]} resolves`, act: ({ nodes }) => void nodes[node]!.resolve() };
  }

  #node(): number {
    return this.dice.below(this.nodes);
  }

  #downtime(): number {
    return this.dice.of([0, 10, 100, 1_000, 5_000]);
  }
}
