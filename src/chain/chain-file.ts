/**
 * A chain as the tutorial's nodes show it, `{"chain": […], "length": N}`, read piece by piece: only one block's
 * text is held at a time, however long the chain.
 */
import { GENESIS_INDEX, MAX_BLOCK_BYTES } from './block.js';
import { InvalidChainFile, JsonError, type Slip } from './errors.js';
import { isJsonObject, type Json, parseElement, parseJson } from './json.js';
import { BEGINNING, type Place, placeAfter } from './place.js';

/** Foreign text may be wider than canonical JSON (indented, say): a block's text may have this many characters. */
const MAX_BLOCK_TEXT = 4 * MAX_BLOCK_BYTES;
/** All that is not blocks: a name, a length. */
const MAX_FRAME_TEXT = 1 << 16;
const CHAIN_OPENS = /(?<!\\)"chain":\[$/;
/** One character more than it matches. */
const LATEST = 10;
/** JSON's own: `trim` takes others with it. */
const SPACE = ' \t\n\r';
const NOT_SPACE = /[^ \t\n\r]/;
/** The rest of a text that ends within a number, a word, an escape or, as U+FFFD, a character. */
const PART_OF_TOKEN = /^[\w.+\\\ufffd-]*\s*$/;

/**
 * The blocks of a chain file, each as parsed JSON, in order.
 *
 * @param chunks the file's text, cut anywhere
 * @param firstIndex of the first block that is there, from which errors count
 * @throws InvalidChainFile where the text is not `{"chain": […]}`, at the end at the latest; JsonError where a
 *   block's text is not JSON, or something behind the blocks; both say where that is in the file
 */
export async function* readChainFile(
  chunks: AsyncIterable<string> | Iterable<string>,
  firstIndex: number = GENESIS_INDEX,
): AsyncGenerator<Json> {
  const cutter = new Cutter(firstIndex);
  try {
    for await (const chunk of chunks) yield* cutter.push(chunk);
  } catch (error) {
    if (!(error instanceof JsonError && error.code === 'not-utf8')) throw error;
    throw new JsonError(error.code, `${error.message} ${cutter.whereabouts}`);
  }
  cutter.end();
}

/** Cuts the elements of the array under the top-level key "chain" out of the text around them. */
class Cutter {
  /** The text around the blocks, with the array left empty. */
  #frame = '';
  /** The end of it, without the space between its tokens: looking at the whole of it again and again would take long. */
  #latest = '';
  #element = '';
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** Where in the text: around the chain's array, or inside of it. */
  #inChain = false;
  #afterComma = false;
  /** Where the text ends that has been looked at. */
  #place = BEGINNING;
  #elementAt = BEGINNING;
  /** The part of the frame that is behind the blocks, once they have ended. */
  #behind: { readonly start: number; readonly at: Place } | undefined;
  #index: number;

  constructor(private readonly firstIndex: number) {
    this.#index = firstIndex;
  }

  /** @returns the blocks that ended in this chunk */
  *push(chunk: string): Generator<Json> {
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      const character = chunk[i] as string;
      if (!this.#inChain && (this.#inString || !SPACE.includes(character)))
        this.#latest = `${this.#latest}${character}`.slice(-LATEST);
      if (this.#inString) {
        this.#stepString(character);
        continue;
      }
      if (character === '"') this.#inString = true;
      else if (character === '{' || character === '[') {
        this.#depth++;
        if (!this.#inChain && this.#depth === 2 && character === '[') {
          this.#keep(chunk.slice(start, i + 1));
          start = i + 1;
          this.#inChain = CHAIN_OPENS.test(this.#latest);
          this.#elementAt = this.#place;
        }
      } else if (character === '}' || character === ']') {
        if (this.#inChain && this.#depth === 2) {
          this.#keep(chunk.slice(start, i));
          start = i;
          // Nothing at all is an empty list; nothing after a comma is a mistake that parsing will name.
          if (this.#afterComma || NOT_SPACE.test(this.#element)) yield this.#cut(this.#element + character);
          this.#inChain = false;
          this.#behind = { start: this.#frame.length, at: this.#place };
        }
        this.#depth--;
      } else if (character === ',' && this.#inChain && this.#depth === 2) {
        this.#keep(chunk.slice(start, i + 1));
        start = i + 1;
        yield this.#cut(this.#element);
        this.#afterComma = true;
      }
    }
    this.#keep(chunk.slice(start));
  }

  /** @throws InvalidChainFile unless the text around the blocks was that of a chain; JsonError */
  end(): void {
    if (this.#inChain) throw this.#unfinished();
    if (!NOT_SPACE.test(this.#frame)) throw new InvalidChainFile('not-a-chain', 'it is empty');
    // Blocks left in the frame's array were never handed out: its key was written with escapes.
    const frame = this.#parseFrame();
    const chain = isJsonObject(frame) ? frame.chain : undefined;
    if (!Array.isArray(chain) || chain.length > 0) throw notAChain();
  }

  /** How far the text has come, in words. */
  get whereabouts(): string {
    const { line, character } = this.#place;
    const isWithin = this.#inChain && NOT_SPACE.test(this.#element);
    return `${isWithin ? `within block ${this.#index}` : this.#afterLast}, at line ${line}, character ${character}`;
  }

  get #afterLast(): string {
    return this.#index === this.firstIndex ? 'before its first block' : `after block ${this.#index - 1}`;
  }

  #stepString(character: string): void {
    if (this.#escaped) this.#escaped = false;
    else if (character === '\\') this.#escaped = true;
    else if (character === '"') this.#inString = false;
  }

  #keep(text: string): void {
    if (this.#inChain) this.#element += text;
    else this.#frame += text;
    this.#place = placeAfter(this.#place, text);
    if (this.#frame.length > MAX_FRAME_TEXT) throw notAChain();
    if (this.#element.length > MAX_BLOCK_TEXT) throw this.#slipWithin() ?? this.#tooLarge();
  }

  #cut(text: string): Json {
    const block = this.#parsed(text);
    this.#element = '';
    this.#elementAt = this.#place;
    this.#index++;
    this.#afterComma = false;
    return block;
  }

  /** @throws JsonError */
  #parsed(text: string): Json {
    try {
      return parseElement(text);
    } catch (error) {
      const slip = slipOf(error);
      throw slip === undefined ? error : this.#slipped(slip, text);
    }
  }

  /** A bracket or quote that is missing shows only where no block ends any more: what is wrong with one that has not, but for that. */
  #slipWithin(): JsonError | undefined {
    try {
      parseElement(this.#element);
    } catch (error) {
      const slip = slipOf(error);
      if (slip === undefined) throw error;
      if (!PART_OF_TOKEN.test(this.#element.slice(slip.at))) return this.#slipped(slip, this.#element);
    }
    return undefined;
  }

  #slipped(slip: Slip, element: string): JsonError {
    return slipError(
      slip,
      `within block ${this.#index}`,
      placeAfter(this.#elementAt, element.slice(0, slip.at)),
    );
  }

  /** Why the text ends before its list of blocks does. */
  #unfinished(): Error {
    const slip = this.#slipWithin();
    if (slip !== undefined) return slip;
    if (isJson(this.#element)) {
      this.#element = '';
      this.#index++;
    }
    return this.#cutOff();
  }

  #cutOff(): InvalidChainFile {
    return new InvalidChainFile('cut-off', `it is cut off ${this.whereabouts}`);
  }

  #tooLarge(): InvalidChainFile {
    const { line, character } = this.#elementAt;
    return new InvalidChainFile(
      'too-large',
      `block ${this.#index}, from line ${line}, character ${character} on, has more than ${MAX_BLOCK_TEXT} characters`,
    );
  }

  #parseFrame(): Json {
    try {
      return parseJson(this.#frame);
    } catch (error) {
      const slip = slipOf(error);
      const behind = this.#behind;
      if (slip === undefined || behind === undefined || slip.at < behind.start) throw notAChain();
      if (this.#depth > 0 && PART_OF_TOKEN.test(this.#frame.slice(slip.at))) throw this.#cutOff();
      const place = placeAfter(behind.at, this.#frame.slice(behind.start, slip.at));
      throw slipError(slip, this.#afterLast, place);
    }
  }
}

function slipOf(error: unknown): Slip | undefined {
  return error instanceof JsonError ? error.slip : undefined;
}

function slipError({ problem }: Slip, where: string, { line, character }: Place): JsonError {
  return new JsonError(
    'syntax',
    `not valid JSON ${where}, at line ${line}, character ${character}: ${problem}`,
  );
}

function isJson(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}

function notAChain(): InvalidChainFile {
  return new InvalidChainFile(
    'not-a-chain',
    'this is not a chain: expected {"chain": [ …blocks… ]}, as GET /chain answers',
  );
}
