/** Competing chains kept aside. What is on disk of them at the start is left over from before, and dropped. */
import type { Block } from '../chain/index.js';
import type { Branch } from './block-store.js';
import { tipAfter } from './chain-end.js';
import type { ChainView } from './chain-view.js';
import type { Change, Database } from './database.js';
import { misuse } from './errors.js';
import { layout } from './layout.js';
import { blockRecord, headOf, numberOf, type Tip, textRecord } from './records.js';

interface Held {
  readonly branch: Branch;
  readonly forkHash: string;
}

export class Branches {
  readonly #held = new Map<string, Held>();
  #begun = 0;

  constructor(private readonly db: Database) {}

  async begin(view: ChainView, fork: number): Promise<Branch> {
    const block = await view.blockAt(fork);
    if (block === undefined) throw misuse(`a branch cannot begin after block ${fork}: our chain has none`);
    const head = { length: fork, hash: block.hash, proof: block.proof };
    const branch = { id: String(++this.#begun), fork, head, bytes: 0 };
    this.#held.set(branch.id, { branch, forkHash: block.hash });
    return branch;
  }

  async extend({ id }: Branch, blocks: readonly Block[]): Promise<Branch> {
    const held = this.#get(id);
    let tip: Tip = { ...held.branch.head, bytes: held.branch.bytes };
    const changes: Change[] = [];
    for (const block of blocks) {
      tip = tipAfter(tip, block);
      changes.push({ type: 'put', key: layout.branchBlock(id, block.index), value: blockRecord(block) });
      const value = textRecord(block.index);
      for (const transaction of block.ids)
        changes.push({ type: 'put', key: layout.branchTransaction(id, transaction), value });
    }
    await this.db.write(changes);
    const branch = { ...held.branch, head: headOf(tip), bytes: tip.bytes };
    this.#held.set(id, { ...held, branch });
    return branch;
  }

  async locate({ id }: Branch, ids: readonly string[]): Promise<Map<string, number>> {
    this.#get(id);
    const records = await this.db.getMany(
      ids.map((transaction) => layout.branchTransaction(id, transaction)),
    );
    const found = new Map<string, number>();
    records.forEach((record, position) => {
      if (record !== undefined) found.set(ids[position] as string, numberOf(record));
    });
    return found;
  }

  /** Dropping twice, or what was adopted, is fine. */
  async drop({ id }: Branch): Promise<void> {
    if (this.#held.delete(id)) await this.db.clear(layout.branch(id));
  }

  /** The branch as it is now, if it may take the place of our chain's end. */
  async adoptable({ id }: Branch, view: ChainView): Promise<Branch> {
    const { branch, forkHash } = this.#get(id);
    const { length } = view.tip;
    if (branch.head.length <= length)
      throw misuse(`a branch of length ${branch.head.length} is not longer than our chain of ${length}`);
    if ((await view.hashAt(branch.fork)) !== forkHash)
      throw misuse(`the branch left our chain at a block ${branch.fork} that is not there any more`);
    return branch;
  }

  /** Its blocks stand in our chain now. */
  forget({ id }: Branch): void {
    this.#held.delete(id);
  }

  #get(id: string): Held {
    const held = this.#held.get(id);
    if (held === undefined) throw misuse(`there is no branch ${id} (any more)`);
    return held;
  }
}
