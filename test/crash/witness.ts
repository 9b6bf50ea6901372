/** What a node has acknowledged, and whether a later look at it still has all of that. */
import { deepStrictEqual, ok } from 'node:assert/strict';
import { type Block, identified, type NetworkSpec } from '../../src/chain/index.js';
import { checkChain } from '../helpers/chains.js';

/** What a node shows of itself. */
export interface Look {
  readonly peerId: string;
  readonly chain: readonly Block[];
  /** Ids, first come first. */
  readonly pending: readonly string[];
}

/** As `/mine` answers it. */
export interface Forged {
  readonly index: number;
  readonly proof: number;
  readonly previous_hash: string;
}

export class Witness {
  /** Ids of the transactions that were answered with 201. */
  readonly #sent = new Set<string>();
  /** Blocks that `/mine` has answered with since the last look. */
  #forged: Forged[] = [];
  /** Hashes of the blocks that others may have brought since the last look. */
  #foreign = new Set<string>();
  #last: Look | undefined;
  /** Transactions and blocks that were acknowledged. */
  acknowledged = 0;

  constructor(private readonly network: NetworkSpec) {}

  sent(id: string): void {
    this.#sent.add(id);
    this.acknowledged++;
  }

  forged(block: Forged): void {
    this.#forged.push(block);
    this.acknowledged++;
  }

  /** Others have these blocks: by them, and by nothing else, may ours be replaced. */
  offered(blocks: readonly Block[]): void {
    for (const { hash } of blocks) this.#foreign.add(hash);
  }

  /**
   * 1. The node is who it was.
   * 2. Its chain is valid.
   * 3. What was acknowledged is pending or in the chain, and no transaction is both, or twice.
   * 4. The chain before, and what was forged since, is in it up to where a longer one has replaced it: it has never become
   *    shorter.
   * 5. What the blocks paid that have been replaced is pending again, or in the chain.
   *
   * @throws AssertionError
   */
  check(look: Look): void {
    const { chain, pending, peerId } = look;
    const before = this.#last;
    if (before !== undefined) deepStrictEqual(peerId, before.peerId, 'the node has another identity');
    checkChain(chain, this.network);

    const paid = chain.flatMap(idsIn);
    const all = new Set([...paid, ...pending]);
    deepStrictEqual(all.size, paid.length + pending.length, 'a transaction is there twice');
    for (const id of this.#sent) ok(all.has(id), `the acknowledged transaction ${id} is gone`);

    const longest = Math.max(before?.chain.length ?? 0, ...this.#forged.map(({ index }) => index));
    ok(chain.length >= longest, `the chain has ${chain.length} blocks, and had ${longest}`);
    const kept = new Set(chain.map(({ hash }) => hash));
    const gone = (before?.chain ?? []).filter(({ hash }) => !kept.has(hash));
    const unforged = this.#forged.filter(({ index, proof, previous_hash }) => {
      const block = chain[index - 1];
      return block?.previous_hash !== previous_hash || block.proof !== proof;
    });
    // From the first block that others brought to the last: a longer chain than ours was ended by one of theirs when it came.
    const foreign = chain.filter(({ hash }) => this.#foreign.has(hash)).map(({ index }) => index);
    const lost = Math.max(0, ...[...gone, ...unforged].map(({ index }) => index));
    const mayBeReplaced = (index: number) => index >= Math.min(...foreign) && Math.max(...foreign) > lost;
    for (const block of gone) {
      ok(mayBeReplaced(block.index), `block ${block.index} is gone, and no longer chain has replaced it`);
      for (const id of idsIn(block)) ok(all.has(id), `the payment ${id} of a replaced block is gone`);
    }
    for (const { index } of unforged) ok(mayBeReplaced(index), `the acknowledged block ${index} is gone`);
    this.#last = look;
    this.#forged = [];
    this.#foreign = new Set();
  }
}

function idsIn({ transactions }: Block): string[] {
  return identified(transactions).map(({ id }) => id);
}
