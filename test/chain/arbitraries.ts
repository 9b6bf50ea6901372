/** Generators of the ledger's values for property tests. */
import fc from 'fast-check';
import {
  Block,
  Float,
  type Json,
  type JsonNumber,
  type JsonObject,
  numberText,
  rewardFor,
  Transaction,
} from '../../src/chain/index.js';

/** Any UTF-16 text: ASCII, what needs escapes, pairs, lone surrogates. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc
    .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd800, max: 0xdfff })), {
      maxLength: 8,
    })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom('__proto__', 'constructor', 'toJSON', '\u007f', '\uffff', '😀', '\ud83d', '1', '01'),
);

const double = fc.double({ noNaN: true, noDefaultInfinity: true });
/** Doubles of everyday size too, not of every exponent only. */
const anyFloat = fc
  .oneof(
    double,
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.integer({ min: -400, max: 400 }).map((e) => Number(`1e${e}`)),
    fc.integer().map((n) => n / 100),
  )
  .filter(Number.isFinite)
  .map((value) => (Number.isSafeInteger(value) ? new Float(value) : value));

export const anyNumber: fc.Arbitrary<JsonNumber> = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n }).map(asInteger),
  anyFloat,
);

function asInteger(value: bigint): JsonNumber {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

export const anyJson: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    anyText,
    anyNumber,
    fc.array(tie('json'), { maxLength: 5 }),
    fc.array(fc.tuple(anyText, tie('json')), { maxLength: 5 }).map(objectOf),
  ),
})).json;

/** An object with these own keys, `__proto__` among them; the last value of a key counts. */
export function objectOf(entries: readonly (readonly [string, Json])[]): JsonObject {
  const object: JsonObject = {};
  for (const [key, value] of entries) {
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  }
  return object;
}

const name = fc.oneof(
  fc.constantFrom('alice', 'bob', '0x', 'Jörg', '小明😀', '\ud800'),
  anyText.filter((text) => text !== '' && text !== '0'),
);
const amount = anyNumber.filter((value) => {
  const magnitude = value instanceof Float ? value.value : value;
  return magnitude > 0 && numberText(value).length <= 40;
});
const nonce = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 });

export const anyTransaction: fc.Arbitrary<Transaction> = fc
  .tuple(name, name, amount, fc.option(nonce, { nil: undefined }))
  .map(([sender, recipient, much, unique]) => new Transaction(sender, recipient, much, unique));

const count = fc.oneof(fc.nat(), fc.maxSafeInteger().map(Math.abs));
const timestamp = anyNumber.filter((value) => (value instanceof Float ? value.value : value) >= 0);
const hash = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });

/** Well-formed blocks, geneses among them; whether they fit any chain is another question. */
export const anyBlock: fc.Arbitrary<Block> = fc
  .record({
    index: count,
    timestamp,
    transactions: fc.array(anyTransaction, { maxLength: 4 }).map((list) => [...list, rewardFor('miner')]),
    proof: count,
    previous_hash: hash,
  })
  .chain((fields) =>
    fc
      .constantFrom(
        fields,
        { ...fields, index: 1, previous_hash: '1' },
        { ...fields, index: 1, previous_hash: 1 },
      )
      .map((chosen) => new Block(chosen)),
  );
