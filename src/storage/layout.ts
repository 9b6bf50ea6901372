/**
 * Every key of the database, and its format's version. Numbers stand in keys as 14 hex digits, enough for 2^53 - 1,
 * so that keys sort as the numbers do.
 *
 *     meta/version               FORMAT_VERSION, in decimal
 *     meta/network               the network's specification, canonical JSON
 *     meta/adoption              the journal of an adoption, while one is under way
 *     pending/<id>               a pending transaction, its place in the order of arrival, when and whence it came
 *     branch/<id>/block/<index>  a block of a branch: 32 bytes of hash, its canonical JSON
 *     branch/<id>/tx/<id>        by the first half of a transaction's id, the index of the branch's block that has it, in decimal
 *     replaced/<number>          a block that fell out of our chain: 8 bytes of time, then as above; numbered as they fell
 *     run/<index>                blocks of our chain, from this index on to where the next such record begins: the CRC-32 of
 *                                what follows; in 8 bytes each, the canonical bytes of the chain before them, and the index
 *                                of the last block that a page has (0: no page yet); for each block 4 bytes of length, and
 *                                of that length its hash in 32 bytes and its canonical JSON. The last block of the last is
 *                                our chain's head
 *     run/<index>/page           what finds the blocks, and transactions with a nonce, after the last page up to this index:
 *                                the CRC-32 of what follows; in 8 bytes each, as doubles, the index of the first block, and the
 *                                marks, in order, each with its block's place in the page: mark * 2^16 + place
 *
 * What is written of our chain as it grows comes in the order of its keys, which come after all others: in a sync no table that
 * LevelDB makes of it overlaps another, and none is read and written anew.
 */

/** Changes whenever a database of the old format could be misread. */
export const FORMAT_VERSION = 4;

export const layout = {
  version: 'meta/version',
  network: 'meta/network',
  adoption: 'meta/adoption',
  allRuns: under('run'),
  run: (index: number) => `run/${ordered(index)}`,
  page: (last: number) => `run/${ordered(last)}/page`,
  isPage: (key: string) => key.endsWith('/page'),
  allPending: under('pending'),
  pending: (id: string) => `pending/${id}`,
  allBranches: under('branch'),
  branch: (branch: string) => under(`branch/${branch}`),
  branchBlock: (branch: string, index: number) => `branch/${branch}/block/${ordered(index)}`,
  branchTransaction: (branch: string, id: string) => `branch/${branch}/tx/${halfOf(id)}`,
  allReplaced: under('replaced'),
  replaced: (number: number) => `replaced/${ordered(number)}`,
  /** The number in a key that ends with one. */
  numberIn: (key: string) => Number.parseInt(key.slice(key.lastIndexOf('/') + 1), 16),
};

/** All keys that begin with this and a slash; `0` is the character after it. */
function under(prefix: string) {
  return { gte: `${prefix}/`, lt: `${prefix}0` };
}

/** 128 bits: two ids that begin alike are as little to be feared as two of the same, and short keys make a sync faster. */
function halfOf(id: string): string {
  return id.slice(0, 32);
}

function ordered(number: number): string {
  return number.toString(16).padStart(14, '0');
}
