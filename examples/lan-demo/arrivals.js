/** When each node had each block, from what the nodes tell in their events. */
import Table from 'cli-table3';

/** Columns that fit beside one another in a terminal. */
const NODES_A_TABLE = 10;

export class Arrivals {
  /** By hash: `{index, hash, parent, had}`, with the time at which each node had it, by the node's number. */
  #blocks = new Map();
  #reorgs = [];
  #nodes;

  constructor(nodes) {
    this.#nodes = nodes;
  }

  /** Takes down an event of a node. All nodes share this machine's clock, so their own times can be compared. */
  record(node, event) {
    const at = Date.parse(event.at);
    if (event.event === 'block') this.#block(event).had.set(node, at);
    if (event.event === 'reorg') this.#reorgs.push({ node, at, fork: event.fork, head: event.new_head.hash });
  }

  #block({ index, hash, block }) {
    if (!this.#blocks.has(hash)) {
      this.#blocks.set(hash, { index, hash, parent: block.previous_hash, had: new Map() });
    }
    return this.#blocks.get(hash);
  }

  /** Whether all nodes have told that they have this block. */
  complete(hash) {
    this.#settleReorgs();
    return this.#blocks.get(hash)?.had.size === this.#nodes;
  }

  /** A node that changes to a longer chain has all blocks of it, from the fork on, at that moment. */
  #settleReorgs() {
    for (const { node, at, fork, head } of this.#reorgs) {
      let block = this.#blocks.get(head);
      while (block !== undefined && block.index > fork) {
        if (!block.had.has(node)) block.had.set(node, at);
        block = this.#blocks.get(block.parent);
      }
    }
  }

  toString() {
    this.#settleReorgs();
    const numbers = Array.from({ length: this.#nodes }, (_, node) => node + 1);
    const tables = [];
    while (numbers.length > 0) tables.push(this.#table(numbers.splice(0, NODES_A_TABLE)));
    return tables.join('\n');
  }

  #table(numbers) {
    const table = new Table({
      head: ['block', ...numbers.map((number) => `node ${number}`)],
      colAligns: ['left', ...numbers.map(() => 'right')],
      style: { head: [], border: [], compact: true },
    });
    for (const { index, hash, had } of this.#inOrder()) {
      const mined = Math.min(...had.values());
      const [miner] = [...had].find(([, at]) => at === mined);
      table.push([
        `${index}  ${hash.slice(0, 8)}`,
        ...numbers.map((number) => {
          if (number === miner) return 'mined';
          return had.has(number) ? `${had.get(number) - mined}` : 'never';
        }),
      ]);
    }
    return table.toString();
  }

  #inOrder() {
    return [...this.#blocks.values()].sort((a, b) => a.index - b.index);
  }
}
