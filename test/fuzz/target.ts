/** What is fuzzed: one parser, and what it promises whatever it is given. */
import type fc from 'fast-check';

/** What became of an input. Whatever a parser throws that is not its own error is a broken promise. */
export interface Outcome {
  /** The code of the parser's own error; undefined where the input was taken. */
  readonly refused?: string;
  /** What is written for what was read, where there is a writer. */
  readonly written?: Uint8Array | undefined;
}

export interface Target {
  /** Also the name of its folder in the corpus. */
  readonly name: string;
  /** Whether only those bytes are taken that would be written. Else what was written must stay as it is when read again. */
  readonly canonical?: true;
  /** Whole inputs as an honest writer makes them: none is refused. */
  readonly valid: fc.Arbitrary<Uint8Array>;
  /** A reader with whatever it needs around it. */
  open(): Reader | Promise<Reader>;
}

export interface Reader {
  read(input: Uint8Array): Outcome | Promise<Outcome>;
  close?(): Promise<void>;
}

type Refusal = new (...args: never[]) => Error & { readonly code?: string };

/** A message is one line for a person: it never quotes more of an input than that. */
const MAX_MESSAGE_CHARACTERS = 600;

/**
 * A reader of what a function parses.
 *
 * @param refusals the errors that it may throw
 * @param parse returns what is written for what it read
 */
export function readerOf(
  refusals: readonly Refusal[],
  parse: (input: Uint8Array) => Uint8Array | undefined | Promise<Uint8Array | undefined>,
): Reader {
  const refused = (error: unknown): Outcome => {
    const family = refusals.find((refusal) => error instanceof refusal);
    if (family === undefined) throw error;
    const { message, name, code = name } = error as Error & { code?: string };
    if (message.length > MAX_MESSAGE_CHARACTERS || /[\n\r]/.test(message))
      throw new Error(`the message is no short line: ${message.slice(0, MAX_MESSAGE_CHARACTERS)}`);
    return { refused: code };
  };
  return {
    read: (input) => {
      try {
        const written = parse(input);
        if (!(written instanceof Promise)) return { written };
        return written.then((bytes) => ({ written: bytes }), refused);
      } catch (error) {
        return refused(error);
      }
    },
  };
}

export const textOf = (input: Uint8Array): string => Buffer.from(input).toString();
export const bytesOf = (text: string): Uint8Array => Buffer.from(text);
