/**
 * A chain as the tutorial's nodes show it, `{"chain": […], "length": N}`, read piece by piece: only one block's
 * text is held at a time, however long the chain.
 */
import { MAX_BLOCK_BYTES } from './block.js';
import { InvalidChainFile } from './errors.js';
import { isJsonObject, type Json, parseJson } from './json.js';

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

/**
 * The blocks of a chain file, each as parsed JSON, in order.
 *
 * @param chunks the file's text, cut anywhere
 * @throws InvalidChainFile where the text is not `{"chain": […]}`, at the end at the latest; JsonError where a
 *   block's text is not JSON
 */
export async function* readChainFile(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Json> {
  const cutter = new Cutter();
  for await (const chunk of chunks) for (const block of cutter.push(chunk)) yield parseJson(block);
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

  /** @returns the texts of the blocks that ended in this chunk */
  *push(chunk: string): Generator<string> {
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
        }
      } else if (character === '}' || character === ']') {
        if (this.#inChain && this.#depth === 2) {
          this.#keep(chunk.slice(start, i));
          start = i;
          yield* this.#cut(false);
          this.#inChain = false;
        }
        this.#depth--;
      } else if (character === ',' && this.#inChain && this.#depth === 2) {
        this.#keep(chunk.slice(start, i));
        start = i + 1;
        yield* this.#cut(true);
      }
    }
    this.#keep(chunk.slice(start));
  }

  /** @throws InvalidChainFile unless the text around the blocks was that of a chain */
  end(): void {
    let frame: Json;
    try {
      frame = parseJson(this.#frame);
    } catch {
      throw notAChain();
    }
    // Blocks left in the frame's array were never handed out: its key was written with escapes.
    const chain = isJsonObject(frame) ? frame.chain : undefined;
    if (!Array.isArray(chain) || chain.length > 0) throw notAChain();
  }

  #stepString(character: string): void {
    if (this.#escaped) this.#escaped = false;
    else if (character === '\\') this.#escaped = true;
    else if (character === '"') this.#inString = false;
  }

  #keep(text: string): void {
    if (this.#inChain) this.#element += text;
    else this.#frame += text;
    if (this.#frame.length > MAX_FRAME_TEXT) throw notAChain();
    if (this.#element.length > MAX_BLOCK_TEXT) {
      throw new InvalidChainFile(
        'too-large',
        `a block of the chain has more than ${MAX_BLOCK_TEXT} characters`,
      );
    }
  }

  *#cut(more: boolean): Generator<string> {
    const element = this.#element;
    this.#element = '';
    // Nothing at all is an empty list; nothing before or after a comma is a mistake that parsing will name.
    if (more || this.#afterComma || NOT_SPACE.test(element)) yield element;
    this.#afterComma = more;
  }
}

function notAChain(): InvalidChainFile {
  return new InvalidChainFile(
    'not-a-chain',
    'this is not a chain: expected {"chain": [ …blocks… ]}, as GET /chain answers',
  );
}
