/** JSON answers that are never all in memory: written piece by piece, as fast as the client takes them. */
import { Readable } from 'node:stream';
import { STREAM_CHUNK_BYTES, STREAM_STALL_MS } from './constants.js';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** The end of an answer that its client did not take. */
export class ClientStalled extends Error {
  override readonly name = 'ClientStalled';

  constructor(stallMs: number) {
    super(`the client took nothing for ${stallMs / 1000} s`);
  }
}

/**
 * A stream of the text's pieces, gathered to larger ones. The next piece is asked for when the last is taken; the
 * iterator is returned, whatever becomes of the client.
 *
 * @param text pieces of ASCII text. What must be closed should be opened by its first piece: one that is never
 *   asked for is never returned either
 */
export function jsonStream(
  text: AsyncIterable<string | Uint8Array>,
  stallMs: number = STREAM_STALL_MS,
): Readable {
  const onStall = () => stream.destroy(new ClientStalled(stallMs));
  const stream = Readable.from(guarded(gathered(text), stallMs, onStall), {
    objectMode: false,
    highWaterMark: STREAM_CHUNK_BYTES,
  });
  return stream;
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

/** Between a piece and the next the client has the turn. */
async function* guarded(
  chunks: AsyncIterable<Buffer>,
  stallMs: number,
  onStall: () => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    const timer = setTimeout(onStall, stallMs);
    try {
      yield chunk;
    } finally {
      clearTimeout(timer);
    }
  }
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
    yield Buffer.concat(items.flatMap((item, at) => (at === 0 ? [item] : [SEPARATOR, item])));
    before = ', ';
  }
  yield before === '[' ? '[]' : ']';
}
