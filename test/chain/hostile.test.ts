import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Block,
  createNetwork,
  DEFAULT_GENESIS,
  decodeBlock,
  decodeTransaction,
  InvalidBlock,
  InvalidChainFile,
  InvalidNetwork,
  InvalidTransaction,
  JsonError,
  networkId,
  parseJson,
  readBlock,
  readChainFile,
  readTransaction,
  Transaction,
} from '../../src/chain/index.js';
import { chainOf, chainText, payments, testNetwork } from '../helpers/chains.js';
import { anyBlock, anyJson, anyTransaction, objectOf } from './arbitraries.js';

type ErrorClass = new (...args: never[]) => Error;

/** Runs it: a value is fine, and so are its own errors; anything else fails the test. */
function tolerates(run: () => unknown, ...families: ErrorClass[]): void {
  try {
    run();
  } catch (error) {
    if (!families.some((family) => error instanceof family)) throw error;
    expect((error as Error).message.length).toBeLessThan(300);
  }
}

/** Valid bytes with some flipped, cut out, put in or doubled. */
function mutated(valid: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const change = fc.record({
    kind: fc.constantFrom('flip', 'cut', 'double', 'splice', 'end'),
    at: fc.nat(),
    length: fc.integer({ min: 1, max: 12 }),
    byte: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...Buffer.from('{}[]",:\\ 0-.eEu'))),
  });
  return fc.tuple(valid, fc.array(change, { minLength: 1, maxLength: 4 })).map(([bytes, changes]) => {
    let result = [...bytes];
    for (const { kind, at: position, length, byte } of changes) {
      const at = position % (result.length + 1);
      if (kind === 'flip') result[at] = byte;
      else if (kind === 'cut') result.splice(at, length);
      else if (kind === 'double') result.splice(at, 0, ...result.slice(at, at + length));
      else if (kind === 'splice') result.splice(at, 0, byte);
      else result = result.slice(0, at);
    }
    return Uint8Array.from(result);
  });
}

const canonicalBlocks = mutated(anyBlock.map(({ bytes }) => bytes));
const canonicalTransactions = mutated(anyTransaction.map(({ bytes }) => bytes));
const noise = fc.uint8Array({ maxLength: 60 });

describe('whatever the bytes, a parser throws nothing but its own error', () => {
  it('parseJson', () => {
    fc.assert(
      fc.property(fc.oneof(noise, canonicalBlocks), (bytes) => {
        tolerates(() => parseJson(bytes), JsonError);
        tolerates(() => parseJson(Buffer.from(bytes).toString('latin1')), JsonError);
      }),
      { numRuns: 500 },
    );
  });

  it('decodeTransaction, and what it takes it gives back to the byte', () => {
    fc.assert(
      fc.property(fc.oneof(noise, canonicalTransactions), (bytes) => {
        tolerates(
          () => expect(Buffer.compare(decodeTransaction(bytes).bytes, bytes)).toBe(0),
          InvalidTransaction,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('decodeBlock, and what it takes is canonical', () => {
    fc.assert(
      fc.property(fc.oneof(noise, canonicalBlocks), (bytes) => {
        tolerates(() => {
          const block = decodeBlock(bytes);
          expect(Buffer.compare(new Block(block).bytes, bytes)).toBe(0);
        }, InvalidBlock);
      }),
      { numRuns: 500 },
    );
  });

  it('readChainFile', async () => {
    const chain = Buffer.from(chainText(chainOf(testNetwork(), 2, { transactions: payments(1) })));
    await fc.assert(
      fc.asyncProperty(fc.oneof(noise, mutated(fc.constant(chain))), async (bytes) => {
        const text = Buffer.from(bytes).toString();
        try {
          for await (const block of readChainFile([text.slice(0, 40), text.slice(40)])) {
            tolerates(() => readBlock(block), InvalidBlock);
          }
        } catch (error) {
          if (!(error instanceof InvalidChainFile || error instanceof JsonError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('whatever the value, a reader throws nothing but its own error', () => {
  /** Parsed JSON, or what a JavaScript caller might hand over. */
  const anything = fc.oneof(
    anyJson,
    fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }),
  );
  /** A valid object with some of its values replaced, left out, or others put in. */
  const spoilt = (valid: object) =>
    fc
      .array(
        fc.tuple(fc.oneof(fc.constantFrom(...Object.keys(valid)), fc.string({ maxLength: 3 })), anything),
        {
          minLength: 1,
          maxLength: 3,
        },
      )
      .map((entries) => objectOf([...Object.entries(valid), ...entries] as Parameters<typeof objectOf>[0]));

  it('readTransaction', () => {
    const valid = payments(1)[0]!.toJSON();
    fc.assert(
      fc.property(fc.oneof(anything, spoilt(valid)), (value) => {
        tolerates(() => expect(readTransaction(value)).toBeInstanceOf(Transaction), InvalidTransaction);
      }),
      { numRuns: 1_000 },
    );
  });

  it('readBlock', () => {
    fc.assert(
      fc.property(fc.oneof(anything, spoilt(DEFAULT_GENESIS.toJSON())), (value) => {
        tolerates(() => expect(readBlock(value).hash).toHaveLength(64), InvalidBlock);
      }),
      { numRuns: 1_000 },
    );
  });

  it('createNetwork', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 80 }),
        fc.oneof(fc.double(), fc.nat(20)),
        (name, difficulty) => {
          tolerates(
            () => expect(networkId(createNetwork({ name, difficulty }))).toHaveLength(16),
            InvalidNetwork,
          );
        },
      ),
    );
  });
});

describe('a hostile text of 100 KB', () => {
  const SIZE = 100_000;
  const digits = '7'.repeat(SIZE);
  const many = (text: string) => text.repeat(Math.floor(SIZE / text.length));
  const keys = Array.from({ length: SIZE / 10 }, (_, i) => `"${String(i).padStart(5, '0')}":1`).join();

  it.each([
    ['lists in lists', many('[')],
    ['objects in objects', many('{"a":')],
    ['a long integer', digits],
    ['a long negative integer', `-${digits}`],
    ['a long fraction', `0.${digits}`],
    ['a long fraction behind a long integer', `${digits.slice(0, SIZE / 2)}.${digits.slice(0, SIZE / 2)}`],
    ['a huge exponent', `1e${digits}`],
    ['a huge negative exponent', `1e-${digits}`],
    ['a number with an exponent beyond all', '1e999999999'],
    ['escapes', `"${many('\\n')}"`],
    ['unicode escapes', `"${many('\\ud83d')}"`],
    ['a text that does not end', `"${many('a')}`],
    ['backslashes', `"${many('\\')}`],
    ['blanks', many(' ')],
    ['blanks in a list', `[${many(' ')}`],
    ['keys', `{${keys}}`],
    ['a key twice, at the end', `{${keys},"00000":1}`],
    ['empty lists', `[${many('[],')}[]]`],
    ['minus signs', many('-')],
  ])('of %s is read or refused in well under a second', async (_, text) => {
    const began = performance.now();
    tolerates(() => parseJson(text), JsonError);
    tolerates(() => decodeTransaction(Buffer.from(text)), InvalidTransaction);
    tolerates(
      () => decodeTransaction(Buffer.from(`{"amount": ${text}, "recipient": "b", "sender": "a"}`)),
      InvalidTransaction,
    );
    tolerates(() => decodeBlock(Buffer.from(text)), InvalidBlock);
    tolerates(() => readBlock({ ...DEFAULT_GENESIS.toJSON(), timestamp: text }), InvalidBlock);
    tolerates(
      () => decodeBlock(Buffer.from(DEFAULT_GENESIS.bytes.toString().replace('1506057125.900785', text))),
      InvalidBlock,
    );
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it.each([
    ['keys before the chain', `{${many('"a":[],')}"chain": []}`],
    ['almost the chain', `{${many('"chain" ')}`],
    ['the key and blanks', `{"chain"${many(' ')}`],
    ['empty blocks', `{"chain": [${many('{},')}{}]}`],
  ])('of %s is no burden as a chain file', async (_, text) => {
    const began = performance.now();
    const read = async () => {
      for await (const _ of readChainFile([text]));
    };
    await read().catch((error: unknown) => {
      if (!(error instanceof InvalidChainFile || error instanceof JsonError)) throw error;
    });
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
