/** JSON answers that are never all in memory: written piece by piece, as fast as the client takes them. */
import { Readable } from 'node:stream';
import { STREAM_CHUNK_BYTES } from './constants.js';

export const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * A stream of the text's pieces, gathered to larger ones. The next piece is asked for when the last is taken; the
 * iterator is returned, whatever becomes of the client.
 *
 * @param text pieces of ASCII text. What must be closed should be opened by its first piece: one that is never
 *   asked for is never returned either
 */
export function jsonStream(text: AsyncIterable<string | Uint8Array>): Readable {
  return Readable.from(gathered(text), { objectMode: false, highWaterMark: STREAM_CHUNK_BYTES });
}

async function* gathered(text: AsyncIterable<string | Uint8Array>): AsyncGenerator<Buffer> {
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of text) {
    const part = typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece;
    pieces.push(part);
    bytes += part.length;
    if (bytes < STREAM_CHUNK_BYTES) continue;
    yield Buffer.concat(pieces, bytes);
    pieces = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(pieces, bytes);
}

const SEPARATOR = Buffer.from(', ');

/**
 * `[a, b, c]`, in canonical JSON's own spacing.
 *
 * @param pieces the items, some at a time; a piece has one at least
 */
export async function* jsonList(
  pieces: AsyncIterable<readonly Uint8Array[]> | Iterable<readonly Uint8Array[]>,
): AsyncGenerator<string | Uint8Array> {
  let before = '[';
  for await (const items of pieces) {
    yield before;
    yield joined(items);
    before = ', ';
  }
  yield before === '[' ? '[]' : ']';
}

function joined(items: readonly Uint8Array[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const item of items) {
    if (parts.length > 0) parts.push(SEPARATOR);
    parts.push(item);
  }
  return Buffer.concat(parts);
}
