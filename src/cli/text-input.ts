/** A file, or what is piped in, as text: piece by piece, however long. */
import { open } from 'node:fs/promises';
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
    let decoder: InstanceType<typeof TextDecoder> | undefined;
    try {
      for await (const chunk of this.bytes) {
        this.bytesRead += chunk.length;
        decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
        yield decoder.decode(chunk, { stream: true });
      }
      yield decoder?.decode() ?? '';
    } catch (error) {
      if (error instanceof TypeError)
        throw new CliError('bad-file', 'cannot read this: the text is not UTF-8');
      throw error;
    }
  }
}

/** Windows PowerShell's `>` writes UTF-16, with a mark at the beginning. */
function encodingOf(start: Uint8Array): string {
  return start[0] === 0xff && start[1] === 0xfe ? 'utf-16le' : 'utf-8';
}
