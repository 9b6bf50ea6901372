/** A file, or what is piped in, as text: piece by piece, however long. */
import { open } from 'node:fs/promises';
import { JsonError } from '../chain/index.js';
import { CliError, systemReason } from './errors.js';

export interface TextInput extends AsyncDisposable {
  readonly chunks: AsyncIterable<string>;
  /** In bytes; undefined where nobody knows. */
  readonly size: number | undefined;
  /** How much has been read, in bytes. */
  readonly bytesRead: number;
}

/** What an input is called in a message. */
export function nameOf(file: string): string {
  return file === '-' ? 'what is piped in' : file;
}

const CHUNK_BYTES = 1 << 16;

/**
 * @param name of a file; `-` for what is piped in
 * @throws CliError where there is no such file
 */
export async function openText(name: string): Promise<TextInput> {
  if (name === '-') return new PipedText(process.stdin, undefined, async () => {});
  try {
    const handle = await open(name, 'r');
    const stat = await handle.stat();
    if (stat.isDirectory()) {
      await handle.close();
      throw new CliError('bad-file', `cannot read ${name}: it is a directory, not a file`);
    }
    const stream = handle.createReadStream({ highWaterMark: CHUNK_BYTES, autoClose: false });
    return new PipedText(stream, stat.isFile() ? stat.size : undefined, async () => {
      stream.destroy();
      await handle.close();
    });
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError('bad-file', `cannot read ${name}: ${systemReason(error)}`);
  }
}

class PipedText implements TextInput {
  bytesRead = 0;

  constructor(
    private readonly bytes: AsyncIterable<Uint8Array>,
    readonly size: number | undefined,
    private readonly close: () => Promise<void>,
  ) {}

  get chunks(): AsyncIterable<string> {
    return this.#decode();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async *#decode(): AsyncGenerator<string> {
    let encoding: string | undefined;
    let decoder: InstanceType<typeof TextDecoder> | undefined;
    for await (const chunk of this.bytes) {
      this.bytesRead += chunk.length;
      encoding ??= encodingOf(chunk);
      decoder ??= new TextDecoder(encoding, { fatal: true });
      const text = decoded(decoder, chunk);
      if (text === undefined) {
        // Who reads it says where it ends.
        yield readableOf(chunk, encoding);
        throw new JsonError('not-utf8', `the text is not ${encoding.toUpperCase()}`);
      }
      yield text;
    }
    // What ends within a character is cut off there.
    if (decoder !== undefined) yield decoded(decoder) ?? UNREADABLE;
  }
}

/** What stands for bytes that are no character. */
const UNREADABLE = '\ufffd';

/** @param chunk more of the text; without, what is left of it. @returns undefined where it is no such text */
function decoded(decoder: InstanceType<typeof TextDecoder>, chunk?: Uint8Array): string | undefined {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The beginning of a chunk that is not all readable. */
function readableOf(chunk: Uint8Array, encoding: string): string {
  let start = 0;
  // A character of the chunk before may end in it.
  while (encoding === 'utf-8' && ((chunk[start] ?? 0) & 0xc0) === 0x80 && start < 3) start++;
  const [readable = ''] = new TextDecoder(encoding).decode(chunk.subarray(start)).split(UNREADABLE, 1);
  return readable;
}

/**
 * Windows PowerShell's `>` writes UTF-16, with a mark at the beginning; without one, it shows by the first character of any
 * JSON, which is ASCII.
 */
function encodingOf([first, second]: Uint8Array): string {
  if ((first === 0xff && second === 0xfe) || second === 0) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || first === 0) return 'utf-16be';
  return 'utf-8';
}
