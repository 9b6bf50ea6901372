import {
  ANSWER_TARGET_BYTES,
  FRAME_TARGET_BYTES,
  ITEM_OVERHEAD_BYTES,
  MAX_FRAME_ITEMS,
  MAX_ITEM_BYTES,
} from './constants.js';

/** The items of one frame, and whether it is the answer's last one. */
export interface Packed<T> {
  readonly items: T[];
  readonly last: boolean;
}

/**
 * Groups items into the frames of one answer: about 64 KiB a frame, an item larger than that alone in its own, about
 * 1 MiB in all, the first item in any case. Holds no more than one frame and one piece of the source, and stops the
 * source once the answer is full.
 *
 * @param pieces the items, some at a time: for each step of an async iterator alone a small block takes as long as for all else
 * @param sizeOf bytes of an item on the wire
 * @param maxItems items of the whole answer
 * @throws RangeError an item is larger than the protocol can carry
 */
export async function* pack<T>(
  pieces: AsyncIterable<readonly T[]> | Iterable<readonly T[]>,
  sizeOf: (item: T) => number,
  maxItems: number,
): AsyncGenerator<Packed<T>> {
  const frame = new Frame<T>();
  let answerBytes = 0;
  let count = 0;
  fill: for await (const items of pieces) {
    for (const item of items) {
      if (sizeOf(item) > MAX_ITEM_BYTES)
        throw new RangeError(`an item of ${sizeOf(item)} bytes cannot be sent`);
      const size = sizeOf(item) + ITEM_OVERHEAD_BYTES;
      if (count > 0 && answerBytes + size > ANSWER_TARGET_BYTES) break fill;
      if (!frame.hasRoomFor(size)) yield { items: frame.take(), last: false };
      frame.add(item, size);
      answerBytes += size;
      count += 1;
      if (count === maxItems) break fill;
    }
  }
  yield { items: frame.take(), last: true };
}

/** What is gathered for the next frame. */
class Frame<T> {
  #items: T[] = [];
  #bytes = 0;

  hasRoomFor(size: number): boolean {
    const fits = this.#bytes + size <= FRAME_TARGET_BYTES && this.#items.length < MAX_FRAME_ITEMS;
    return this.#items.length === 0 || fits;
  }

  add(item: T, size: number): void {
    this.#items.push(item);
    this.#bytes += size;
  }

  take(): T[] {
    const items = this.#items;
    this.#items = [];
    this.#bytes = 0;
    return items;
  }
}
