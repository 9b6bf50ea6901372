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
 * 1 MiB in all, the first item in any case. Holds no more than one frame, and stops the source once the answer is full.
 *
 * @param sizeOf bytes of an item on the wire
 * @param maxItems items of the whole answer
 * @throws RangeError an item is larger than the protocol can carry
 */
export async function* pack<T>(
  items: AsyncIterable<T> | Iterable<T>,
  sizeOf: (item: T) => number,
  maxItems: number,
): AsyncGenerator<Packed<T>> {
  let frame: T[] = [];
  let frameBytes = 0;
  let answerBytes = 0;
  let count = 0;
  for await (const item of items) {
    if (sizeOf(item) > MAX_ITEM_BYTES)
      throw new RangeError(`an item of ${sizeOf(item)} bytes cannot be sent`);
    const size = sizeOf(item) + ITEM_OVERHEAD_BYTES;
    if (count > 0 && answerBytes + size > ANSWER_TARGET_BYTES) break;
    if (frame.length > 0 && (frameBytes + size > FRAME_TARGET_BYTES || frame.length === MAX_FRAME_ITEMS)) {
      yield { items: frame, last: false };
      frame = [];
      frameBytes = 0;
    }
    frame.push(item);
    frameBytes += size;
    answerBytes += size;
    count += 1;
    if (count === maxItems) break;
  }
  yield { items: frame, last: true };
}
