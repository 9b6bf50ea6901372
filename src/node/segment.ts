import { type Block, decodeBlock, InvalidBlock, idsIn, type Parent, type Rules } from '../chain/index.js';

/**
 * Blocks that follow one another. They are held to each other as soon as they are here; what they follow and which payments
 * are made already may turn out later, when those before them are stored.
 */
export class Segment {
  /** Of all their transactions that have one of their own. */
  readonly ids: readonly string[];
  /** The first of them that may not follow the one before it. */
  readonly #fault: { readonly block: Block; readonly error: unknown } | undefined;

  constructor(
    readonly blocks: readonly Block[],
    private readonly rules: Rules,
  ) {
    this.ids = idsIn(blocks);
    let parent: Block | undefined;
    for (const block of blocks) {
      try {
        if (parent !== undefined) rules.checkLink(block, parent);
      } catch (error) {
        this.#fault = { block, error };
        return;
      }
      parent = block;
    }
  }

  /** Canonical bytes. */
  get bytes(): number {
    return this.blocks.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** Those after the first so many, in memory of their own: one that is kept would keep what was left out. */
  after(count: number): Segment {
    if (count === 0) return this;
    const rest = this.blocks.slice(count).map(({ bytes }) => decodeBlock(new Uint8Array(bytes)));
    return new Segment(rest, this.rules);
  }

  /**
   * @param parent the block that the first is to follow
   * @param used ids of the transactions in the chain up to there; those of the segment are added
   * @throws InvalidBlock naming the first block that may not follow
   */
  check(parent: Parent, used: Set<string>): void {
    const [first] = this.blocks;
    const isUsed = (id: string) => used.has(id);
    for (const block of this.blocks) {
      try {
        if (block === this.#fault?.block) throw this.#fault.error;
        if (block === first) this.rules.checkLink(block, parent);
        this.rules.checkRepeats(block, isUsed);
      } catch (error) {
        if (error instanceof InvalidBlock)
          throw new InvalidBlock(error.code, `block ${block.index}: ${error.message}`);
        throw error;
      }
      for (const id of block.ids) used.add(id);
    }
  }
}
