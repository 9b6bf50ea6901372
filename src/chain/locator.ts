/** A locator: a few of our block hashes by which a peer finds the last block we have in common. */

/**
 * The indexes whose hashes make a locator: from the head backwards at doubling distances, down to the genesis.
 *
 * @param length of the chain, at least 1
 * @example locatorIndexes(20) // [20, 19, 18, 16, 12, 4, 1]
 */
export function locatorIndexes(length: number): number[] {
  const indexes: number[] = [];
  for (let distance = 0; length - distance > 1; distance = distance * 2 || 1) indexes.push(length - distance);
  return [...indexes, 1];
}
