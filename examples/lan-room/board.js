/** Who found which block, and how long after that each watched node had it. */
import Table from 'cli-table3';

export class Board {
  /** By hash: `{index, parent, miner, madeAt, had}`, with the time at which each node had it, by its number. */
  #blocks = new Map();
  /** Of these the ones that a node found, or heard of as they came. What nodes only fetch may be old. */
  #live = new Set();
  /** Of the live ones those that are not everywhere yet. */
  #underWay = new Set();
  #count;
  #names = new Map();
  #watched = [];
  /** Of each node's chain, as far as its events have told. */
  #lengths = [];
  #reorgs = [];
  #forks = 0;
  /** How many blocks of the chain each has found. */
  #found;

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

  /** Takes down an event of a watched node. @returns {string[]} lines for people */
  record(number, data) {
    const name = this.#watched[number];
    switch (data.event) {
      case 'peer':
        return [this.#peer(number, data)];
      case 'block':
        this.#block(number, data);
        return this.#arrived();
      case 'fork':
        this.#forks++;
        if (data.from === null) return [`${name} found a second block ${data.index}, too late`];
        return [`${name} sees a second block ${data.index}, of ${this.#who(data.miner)}`];
      case 'reorg':
        this.#reorg(number, data);
        return [
          `${name} changes to a longer chain: ${data.removed} out, ${data.added} in`,
          ...this.#arrived(),
        ];
      default:
        return [];
    }
  }

  /** Whether every watched node has a block of this index: of a race, not all have the same. */
  isEverywhere(index) {
    return this.#watched.every((_, number) => this.#lengths[number] >= index);
  }

  /** Takes down whose blocks stayed: the chain knows, since no event tells of a block that came with a longer one. */
  found(chain) {
    this.#found = new Map();
    for (const { transactions } of chain) {
      const who = this.#who(transactions.at(-1)?.recipient);
      this.#found.set(who, (this.#found.get(who) ?? 0) + 1);
    }
  }

  #peer(number, { peer_id, name, change }) {
    this.met(peer_id, name);
    const who = this.#who(peer_id);
    const where = this.#count === 1 ? '' : ` (${this.#watched[number]})`;
    return `${who} ${change === 'connected' ? 'joined' : 'left'}${where}`;
  }

  #block(number, { block, hash, source, at }) {
    const { index, previous_hash: parent, timestamp, transactions } = block;
    this.#lengths[number] = index;
    if (!this.#blocks.has(hash)) {
      const miner = transactions.at(-1)?.recipient;
      this.#blocks.set(hash, { index, parent, miner, madeAt: timestamp * 1000, had: new Map() });
    }
    const known = this.#blocks.get(hash);
    known.had.set(number, Date.parse(at));
    if (source === 'sync' || this.#live.has(known)) return;
    this.#live.add(known);
    this.#underWay.add(known);
  }

  #reorg(number, { fork, new_head: { length, hash }, at }) {
    this.#lengths[number] = length;
    this.#reorgs.push({ number, fork, head: hash, at: Date.parse(at) });
  }

  /** A line for each block that has come to be everywhere. */
  #arrived() {
    this.#settleReorgs();
    const where = this.#count === 1 ? 'here' : `at all ${this.#count}`;
    const arrived = [...this.#underWay].filter(({ had }) => had.size === this.#count);
    return arrived.map((block) => {
      this.#underWay.delete(block);
      const ms = Math.max(...waits(block));
      return `block ${block.index}, found by ${this.#who(block.miner)}: ${where} after ${ms} ms`;
    });
  }

  /** A node that changes to a longer chain has all blocks of it, from the fork on, at that moment. */
  #settleReorgs() {
    for (const { number, fork, head, at } of this.#reorgs) {
      let block = this.#blocks.get(head);
      while (block !== undefined && block.index > fork) {
        if (!block.had.has(number)) block.had.set(number, at);
        block = this.#blocks.get(block.parent);
      }
    }
  }

  #who(peerId) {
    return this.#names.get(peerId) ?? `…${peerId?.slice(-10)}`;
  }

  toString() {
    const blocks = [...this.#live];
    const whole = blocks.filter(({ had }) => had.size === this.#count);
    const rows = this.#watched.map((name, number) => [
      name,
      // The finder has its own block at once: that is no way of a block.
      ...summary(blocks.flatMap((block) => (this.#isOwn(block, name) ? [] : (waitAt(block, number) ?? [])))),
    ]);
    if (this.#count > 1)
      rows.push(['the last of all', ...summary(whole.map((block) => Math.max(...waits(block))))]);
    const text = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;
    return [
      'ms from when a block was found until it was in the chain, by the clocks of both machines:',
      tableOf(['at', 'blocks', 'median', '99 of 100', 'slowest'], rows),
      ...this.#finders(),
      `${text(this.#forks, 'fork')} seen, ${text(this.#reorgs.length, 'replaced chain')}.`,
    ].join('\n');
  }

  #finders() {
    if (this.#found === undefined) return [];
    const rows = [...this.#found].sort(([, a], [, b]) => b - a);
    return ['Who found them:', tableOf(['node', 'blocks'], rows)];
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
