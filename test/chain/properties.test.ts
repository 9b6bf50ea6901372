import { inspect, isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Block,
  canonicalJson,
  decodeBlock,
  decodeTransaction,
  isJsonNumber,
  isJsonObject,
  type Json,
  numberText,
  parseJson,
  readBlock,
  readChainFile,
  readTransaction,
} from '../../src/chain/index.js';
import { anyBlock, anyJson, anyNumber, anyText, anyTransaction } from './arbitraries.js';

describe('what is written is what is read', () => {
  it('for any value, from text and from bytes', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const text = canonicalJson(value);
        expect(text).toMatch(/^[ -~]*$/);
        const read = parseJson(text);
        same(read, value);
        expect(canonicalJson(read)).toBe(text);
        same(parseJson(Buffer.from(text)), value);
      }),
      { numRuns: 300 },
    );
  });

  it('for any number', () => {
    fc.assert(
      fc.property(anyNumber, (number) => isDeepStrictEqual(parseJson(numberText(number)), number)),
      { numRuns: 1_000 },
    );
  });

  it("for any text, which reads the same to JavaScript's own parser", () => {
    fc.assert(fc.property(anyText, (text) => JSON.parse(canonicalJson(text)) === text));
  });

  it('for any transaction, by bytes and by parsed JSON', () => {
    fc.assert(
      fc.property(anyTransaction, (transaction) => {
        for (const again of [
          decodeTransaction(transaction.bytes),
          readTransaction(parseJson(transaction.text)),
        ]) {
          same(again.toJSON(), transaction.toJSON());
          expect(again.id).toBe(transaction.id);
        }
      }),
    );
  });

  it('for any block, by bytes and by parsed JSON', () => {
    fc.assert(
      fc.property(anyBlock, (block) => {
        for (const again of [decodeBlock(block.bytes), readBlock(parseJson(block.bytes))]) {
          same(plain(again), plain(block));
          expect(again.hash).toBe(block.hash);
        }
      }),
    );
  });
});

describe('however a text is written', () => {
  it('the canonical one is the same: keys in any order, any blanks, any escapes', () => {
    fc.assert(
      fc.property(anyJson, fc.infiniteStream(fc.nat()), (value, choices) => {
        expect(canonicalJson(parseJson(rewrite(value, choices)))).toBe(canonicalJson(value));
      }),
      { numRuns: 200 },
    );
  });

  it('a block has the same hash', () => {
    fc.assert(
      fc.property(anyBlock, fc.infiniteStream(fc.nat()), (block, choices) => {
        expect(readBlock(parseJson(rewrite(parseJson(block.bytes), choices))).hash).toBe(block.hash);
      }),
    );
  });

  it('a chain file cut into any pieces gives the same blocks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyJson, { maxLength: 4 }),
        fc.infiniteStream(fc.nat()),
        async (chain, choices) => {
          const text = rewrite({ length: chain.length, chain, more: [chain] }, choices, { chain: '"chain"' });
          const pieces: string[] = [];
          for (let at = 0; at < text.length; ) {
            const size = 1 + ((choices.next().value as number) % 20);
            pieces.push(text.slice(at, at + size));
            at += size;
          }
          const found: Json[] = [];
          for await (const block of readChainFile(pieces)) found.push(block);
          same(found, chain);
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** Not by expect, to which a key named "constructor" is more than a key. */
function same(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) {
    throw new Error(`${inspect(actual, SHOW)} is not ${inspect(expected, SHOW)}`);
  }
}

const SHOW = { depth: 40 };

function plain(block: Block): object {
  return { ...block.toJSON(), transactions: block.transactions.map((transaction) => transaction.toJSON()) };
}

/** The same value as another text: keys in another order, blanks, escapes, digits that say nothing. */
function rewrite(value: Json, choices: Iterator<number>, fixed: Record<string, string> = {}): string {
  const choose = (from: number): number => (choices.next().value as number) % from;
  const blank = () => ['', ' ', '\n\t', '\r'][choose(4)] as string;
  const string = (text: string): string => {
    if (Object.hasOwn(fixed, text)) return fixed[text] as string;
    const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
    return `"${units.map((unit) => writeUnit(unit)).join('')}"`;
  };
  const writeUnit = (unit: number): string => {
    const hex = unit.toString(16).padStart(4, '0');
    if (unit >= 0x20 && unit < 0x7f && unit !== 0x22 && unit !== 0x5c && choose(4) > 0)
      return String.fromCharCode(unit);
    return `\\u${choose(2) ? hex : hex.toUpperCase()}`;
  };
  const number = (text: string): string => {
    if (!/[.e]/.test(text)) return text;
    const [mantissa = '', exponent = '0'] = text.split('e');
    const zeros = '0'.repeat(choose(3));
    return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}${zeros}${choose(2) ? 'E' : 'e'}${exponent}`;
  };
  const write = (at: Json): string => blank() + bare(at) + blank();
  const bare = (at: Json): string => {
    if (typeof at === 'string') return string(at);
    if (isJsonNumber(at)) return number(numberText(at));
    if (Array.isArray(at)) return `[${at.map(write).join() || blank()}]`;
    if (!isJsonObject(at)) return String(at);
    const members = Object.keys(at).map(
      (key) => `${blank()}${string(key)}${blank()}:${write(at[key] as Json)}`,
    );
    for (let i = members.length - 1; i > 0; i--) {
      const j = choose(i + 1);
      [members[i], members[j]] = [members[j] as string, members[i] as string];
    }
    return `{${members.join() || blank()}}`;
  };
  return write(value);
}
