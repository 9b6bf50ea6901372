/** Who found which block, and how long after that each watched node had it. */
import Table from 'cli-table3';

export class Board {
  /** By hash: `{index, hash, parent, miner, madeAt, had}`, with the time at which each node had it, by its number. */
  #blocks = new Map();
  #count;
  #names = new Map();
  #watched = [];
  #reorgs = 0;
  #forks = 0;

  /** @param {number} count of the nodes that are watched */
  constructor(count) {
    this.#count = count;
  }

  met(peerId, name) {
    if (name) this.#names.set(peerId, name);
  }

  watches(number, name) {
    this.#watched[number] = name;
  }

  /** Takes down an event of a watched node. @returns a line for people, where there is something to tell */
  record(number, data) {
    switch (data.event) {
      case 'peer':
        return this.#peer(number, data);
      case 'block':
        return data.source === 'sync' ? undefined : this.#block(number, data);
      case 'fork':
        this.#forks++;
        return `${this.#watched[number]} sees a second block ${data.index}, of ${this.#who(data.miner)}`;
      case 'reorg':
        this.#reorgs++;
        return `${this.#watched[number]} changes to a longer chain: ${data.removed} out, ${data.added} in`;
    }
  }

  /** Whether every watched node has had a block of this index. */
  isEverywhere(index) {
    return [...this.#blocks.values()].some(
      (block) => block.index === index && block.had.size === this.#count,
    );
  }

  #peer(number, { peer_id, name, change }) {
    this.met(peer_id, name);
    const who = this.#who(peer_id);
    const where = this.#count === 1 ? '' : ` (${this.#watched[number]})`;
    return `${who} ${change === 'connected' ? 'joined' : 'left'}${where}`;
  }

  #block(number, { block, hash, at }) {
    const { index, timestamp, transactions } = block;
    if (!this.#blocks.has(hash)) {
      const miner = transactions.at(-1)?.recipient;
      this.#blocks.set(hash, { index, miner, madeAt: timestamp * 1000, had: new Map() });
    }
    const known = this.#blocks.get(hash);
    known.had.set(number, Date.parse(at));
    if (known.had.size < this.#count) return undefined;
    const where = this.#count === 1 ? 'here' : `at all ${this.#count}`;
    return `block ${index}, found by ${this.#who(known.miner)}: ${where} after ${Math.max(...waits(known))} ms`;
  }

  #who(peerId) {
    return this.#names.get(peerId) ?? `…${peerId?.slice(-10)}`;
  }

  toString() {
    const blocks = [...this.#blocks.values()];
    const whole = blocks.filter(({ had }) => had.size === this.#count);
    const rows = this.#watched.map((name, number) => [
      name,
      // The finder has its own block at once: that is no way of a block.
      ...summary(blocks.flatMap((block) => (this.#isOwn(block, name) ? [] : (waitAt(block, number) ?? [])))),
    ]);
    if (this.#count > 1)
      rows.push(['the last of all', ...summary(whole.map((block) => Math.max(...waits(block))))]);
    const found = new Map();
    for (const { miner } of blocks) found.set(this.#who(miner), (found.get(this.#who(miner)) ?? 0) + 1);
    const text = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;
    return [
      'ms from when a block was found until it was the head, by the clocks of both machines:',
      tableOf(['at', 'blocks', 'median', '99 of 100', 'slowest'], rows),
      'Who found them:',
      tableOf(
        ['node', 'blocks'],
        [...found].sort(([, a], [, b]) => b - a),
      ),
      `${text(this.#forks, 'fork')} seen, ${text(this.#reorgs, 'replaced chain')}.`,
    ].join('\n');
  }

  #isOwn({ miner }, name) {
    return this.#names.get(miner) === name;
  }
}

function waitAt({ madeAt, had }, number) {
  const at = had.get(number);
  return at === undefined ? undefined : Math.round(at - madeAt);
}

function waits(block) {
  return [...block.had.keys()].map((number) => waitAt(block, number));
}

/** How many, and what is not exceeded by half of them, by 99 of 100, by any. */
function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? '';
  return [sorted.length, at(0.5), at(0.99), at(1)];
}

function tableOf(head, rows) {
  const table = new Table({
    head,
    colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows);
  return `${table}`;
}
