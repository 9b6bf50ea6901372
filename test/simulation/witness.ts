/** Remembers what a node has told anyone, in whatever life: it must hold for ever. */
import type { Emit } from '../../src/node/events.js';
import type { BlockStore, Head } from '../../src/storage/index.js';
import type { World } from './world.js';

type Told = Pick<Head, 'length' | 'hash'>;

export class Witness {
  /** Ids of the transactions that the node has acknowledged. */
  readonly acknowledged = new Set<string>();
  /** The head it last told of. */
  #told: Told;

  constructor(
    private readonly name: string,
    private readonly world: World,
  ) {
    const { index, hash } = world.spec.genesis;
    this.#told = { length: index, hash };
  }

  /** After a start: what was told or acknowledged before is there. */
  async starts(store: BlockStore): Promise<void> {
    const { length, hash } = this.#told;
    if ((await store.hashAt(length)) !== hash && store.head.length <= length)
      this.#fail(`told of ${short(this.#told)}, and starts with ${short(store.head)}`);
    const held = new Set((await store.pending()).map(({ transaction }) => transaction.id));
    for (const id of (await store.locate([...this.acknowledged])).keys()) held.add(id);
    for (const id of this.acknowledged)
      if (!held.has(id)) this.#fail(`acknowledged ${id.slice(0, 6)}, and starts without`);
    this.#told = store.head;
  }

  /** Each head follows the one told before, or is that of a longer chain in place of it. */
  readonly hears: Emit = (name, event) => {
    const { trace } = this.world;
    const from = 'from' in event && event.from !== null ? ` from ${trace.nameOf(event.from)}` : '';
    if (name === 'block' && 'source' in event) {
      const { block, source } = event;
      if (block.previous_hash !== this.#told.hash)
        this.#fail('tells of a block that does not follow its head');
      this.#told = { length: block.index, hash: block.hash };
      const payments = block.transactions.length - 1;
      this.#tell(`appends ${short(this.#told)} by ${source}${from}, ${payments} payments`);
    } else if (name === 'reorg' && 'newHead' in event) {
      const { oldHead, newHead, fork, removed, returned } = event;
      if (oldHead.hash !== this.#told.hash)
        this.#fail(`replaces ${short(oldHead)}, and told of ${short(this.#told)}`);
      if (newHead.length <= oldHead.length)
        this.#fail(`replaces ${short(oldHead)} by ${short(newHead)}, which is not longer`);
      this.#told = newHead;
      this.#tell(
        `adopts ${short(newHead)}${from}: ${removed} blocks after ${fork} fall out, ${returned.length} payments return`,
      );
    } else if (name === 'fork' && 'block' in event) {
      this.#tell(`keeps ${short({ length: event.block.index, hash: event.block.hash })} aside${from}`);
    } else if (name === 'transaction' && 'transaction' in event) {
      this.#tell(`holds ${event.transaction.id.slice(0, 6)}${from}`);
    }
  };

  #fail(what: string): void {
    this.world.fail(`${this.name} ${what}`);
  }

  #tell(what: string): void {
    this.world.trace.add(`${this.name} ${what}`);
  }
}

/** A head as the trace shows it. */
export function short({ length, hash }: Told): string {
  return `${length}:${hash.slice(0, 6)}`;
}
