/** What is kept of many, in the order in which it came: the oldest is forgotten where there is more than may be kept. */

interface Kept<K> {
  readonly size: number;
  keys(): Iterator<K>;
  delete(key: K): boolean;
}

/** @param most how many may be kept; one more may be there at the call, and the first of them goes */
export function forgetOldest<K>(kept: Kept<K>, most: number): void {
  const oldest = kept.keys().next();
  if (kept.size > most && !oldest.done) kept.delete(oldest.value);
}

/** Puts an entry at the end, also one that was there before. */
export function keepLatest<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  forgetOldest(map, most);
}
