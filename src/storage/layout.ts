/**
 * Every key of the database, and its format's version. Numbers stand in keys as 14 hex digits, enough for 2^53 - 1,
 * so that keys sort as the numbers do.
 *
 *     meta/version               FORMAT_VERSION, in decimal
 *     meta/network               the network's specification, canonical JSON
 *     meta/head                  our chain's head and size
 *     meta/adoption              the journal of an adoption, while one is under way
 *     block/<index>              blocks of our chain, from this index on to where the next such record begins: each 4 bytes
 *                                of length, 32 bytes of hash, its canonical JSON
 *     hash/<hash>                index of the block of our chain with this hash
 *     tx/<id>                    index of the block of our chain with this transaction; those with a nonce only
 *     pending/<id>               a pending transaction, its place in the order of arrival, when and whence it came
 *     branch/<id>/block/<index>  a block of a branch: 32 bytes of hash, its canonical JSON
 *     branch/<id>/tx/<id>        index of the branch's block with this transaction; those with a nonce only
 *     replaced/<number>          a block that fell out of our chain: 8 bytes of time, then as above; numbered as they fell
 */

/** Changes whenever a database of the old format could be misread. */
export const FORMAT_VERSION = 2;

export const layout = {
  version: 'meta/version',
  network: 'meta/network',
  head: 'meta/head',
  adoption: 'meta/adoption',
  block: (index: number) => `block/${ordered(index)}`,
  hash: (hash: string) => `hash/${hash}`,
  transaction: (id: string) => `tx/${id}`,
  allPending: under('pending'),
  pending: (id: string) => `pending/${id}`,
  allBranches: under('branch'),
  branch: (branch: string) => under(`branch/${branch}`),
  branchBlock: (branch: string, index: number) => `branch/${branch}/block/${ordered(index)}`,
  branchTransaction: (branch: string, id: string) => `branch/${branch}/tx/${id}`,
  allReplaced: under('replaced'),
  replaced: (number: number) => `replaced/${ordered(number)}`,
  /** The number in a key that ends with one. */
  numberIn: (key: string) => Number.parseInt(key.slice(key.lastIndexOf('/') + 1), 16),
};

/** All keys that begin with this and a slash; `0` is the character after it. */
function under(prefix: string) {
  return { gte: `${prefix}/`, lt: `${prefix}0` };
}

function ordered(number: number): string {
  return number.toString(16).padStart(14, '0');
}
