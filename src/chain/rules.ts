/**
 * What makes a block valid: the tutorial's rules, here and nowhere else. Form (keys, types, sizes) has been
 * checked by whoever made the {@link Block}.
 */
import { type Block, GENESIS_INDEX } from './block.js';
import { InvalidBlock, InvalidTransaction } from './errors.js';
import { validProof } from './proof.js';
import { REWARD_SENDER, type Transaction } from './transaction.js';

/** What a network says of its rules. */
export interface RuleChoice {
  /** The rule set; the tutorial's is the only one yet. */
  readonly rules: 'tutorial';
  /** Zeros in hex that a proof's hash begins with, 0 to 16. */
  readonly difficulty: number;
}

/** What the rules need to know of the block before. */
export interface Parent {
  readonly index: number;
  readonly hash: string;
  readonly proof: number;
}

export interface Rules {
  /**
   * Whether a chain may begin so.
   * @throws InvalidBlock `bad-genesis`
   */
  checkGenesis(block: Block): void;
  /**
   * Whether a block may follow its parent: both that follow.
   * @throws InvalidBlock
   */
  checkBlock(block: Block, parent: Parent, used: (id: string) => boolean): void;
  /**
   * What can be said of a block and its parent alone.
   * @throws InvalidBlock
   */
  checkLink(block: Block, parent: Parent): void;
  /**
   * Whether a block repeats no transaction that can be told apart by its nonce.
   * @param used tells whether a transaction, by id, is in the chain up to the block's parent
   * @throws InvalidBlock `repeated-transaction`
   */
  checkRepeats(block: Block, used: (id: string) => boolean): void;
  /**
   * Whether a transaction may be sent through our nodes.
   * @throws InvalidTransaction
   */
  checkTransaction(transaction: Transaction): void;
}

/** The rules of a network. */
export function rulesOf({ difficulty }: RuleChoice): Rules {
  return new TutorialRules(difficulty);
}

class TutorialRules implements Rules {
  constructor(readonly difficulty: number) {}

  checkGenesis(block: Block): void {
    if (block.index !== GENESIS_INDEX) {
      throw new InvalidBlock('bad-genesis', `a chain begins with block ${GENESIS_INDEX}, not ${block.index}`);
    }
    if (block.transactions.some((transaction) => transaction.isReward)) {
      throw new InvalidBlock('bad-genesis', 'the first block pays no reward: nobody mined it');
    }
  }

  /** The tutorial's `valid_chain`, and what keeps a payment from counting twice. */
  checkBlock(block: Block, parent: Parent, used: (id: string) => boolean): void {
    this.checkLink(block, parent);
    this.checkRepeats(block, used);
  }

  /** Cheapest first. */
  checkLink(block: Block, parent: Parent): void {
    // 1. it is the next one
    if (block.index !== parent.index + 1) {
      throw new InvalidBlock('bad-index', `its index is ${block.index}, not ${parent.index + 1}`);
    }
    // 2. it names the block before by its hash
    if (block.previous_hash !== parent.hash) {
      throw new InvalidBlock(
        'bad-previous-hash',
        `its previous_hash is not the hash of block ${parent.index}`,
      );
    }
    // 3. its proof solves the puzzle that the last proof set
    if (!validProof(parent.proof, block.proof, this.difficulty)) {
      const puzzle = `SHA-256 of "${parent.proof}${block.proof}"`;
      throw new InvalidBlock(
        'bad-proof',
        `its proof is wrong: ${puzzle} does not begin with ${this.difficulty} zeros`,
      );
    }
    // 4. it pays one reward, last
    if (!block.isPlainlyRewarded) this.#checkReward(block.transactions);
  }

  checkRepeats(block: Block, used: (id: string) => boolean): void {
    // 5. it repeats no transaction that has a nonce
    const { ids } = block;
    if (ids.length === 0) return;
    const seen = new Set<string>();
    for (const id of ids) {
      if (used(id) || seen.has(id)) {
        const nonce = block.transactionWith(id)?.nonce;
        throw new InvalidBlock(
          'repeated-transaction',
          `its transaction with the nonce ${nonce} is in the chain already`,
        );
      }
      seen.add(id);
    }
  }

  checkTransaction(transaction: Transaction): void {
    if (transaction.sender === REWARD_SENDER) {
      throw new InvalidTransaction(
        'reserved-sender',
        'the sender "0" is kept for block rewards: name another sender',
      );
    }
    if (transaction.nonce === undefined) {
      throw new InvalidTransaction(
        'no-nonce',
        'a transaction between nodes must have a nonce of 32 hex digits',
      );
    }
  }

  #checkReward(transactions: readonly Transaction[]): void {
    const reward = transactions.at(-1);
    if (reward === undefined || !reward.isReward) {
      throw new InvalidBlock('bad-reward', 'its last transaction must be the reward, from "0"');
    }
    if (reward.amount !== 1 || reward.nonce !== undefined) {
      throw new InvalidBlock('bad-reward', 'its reward must be {"amount": 1, "recipient": …, "sender": "0"}');
    }
    if (transactions.findIndex((transaction) => transaction.isReward) < transactions.length - 1) {
      throw new InvalidBlock('bad-reward', 'it pays more than one reward');
    }
  }
}
