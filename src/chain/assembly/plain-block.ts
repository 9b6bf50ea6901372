/**
 * Reads a block's plain canonical JSON, in AssemblyScript: a sync reads every byte of a chain here, in a process whose
 * JavaScript is still cold. `npm run kernel` compiles it into ../plain-block-module.ts.
 *
 * Plain is what nearly every block is: canonical JSON whose names are ASCII without escapes, whose previous hash is a hash, and
 * whose numbers have at most 15 digits before the point and 17 after it. That shows as it is read, so that nothing is written
 * again to compare. What is not plain may be a block all the same.
 */

/** A block has at most so many bytes. */
const TEXT_BYTES = 1 << 20;
/** A transaction that has a nonce is longer. */
const LEAST_TRANSACTION_BYTES = 64;

/** Fifteen digits are safe in a double. */
const MOST_INTEGER_DIGITS: usize = 15;
/** As many as are looked at; a small float may have more. */
const MOST_FRACTION_DIGITS: usize = 17;
/** Smaller floats, but 0, have an exponent. */
const LEAST_PLAIN_FLOAT: f64 = 1e-4;
/** Of smaller numbers, their point left out, no two with as many digits after it are the same double: doubles are closer there. */
const MOST_DISTINCT: f64 = 4503599627370496; // 2^52
const HASH_DIGITS: usize = 64;
const NONCE_DIGITS: usize = 32;
const MOST_NAME_CHARACTERS: usize = 256;

const ZERO: u8 = 0x30;
const ONE: u8 = 0x31;
const POINT: u8 = 0x2e;

/** What a number that was read is. */
const NONE = 0;
const PLAIN = 1;
/** Plain if no shorter text is the same double, which is not looked into here. */
const UNSURE = 2;

// Kinds of characters, a bit each.
const HEX: u8 = 1;
/** Printable ASCII but `"` and `\`. */
const NAME: u8 = 2;

const INDEX = String.UTF8.encode('{"index": ');
const PREVIOUS_HASH = String.UTF8.encode(', "previous_hash": "');
const PROOF = String.UTF8.encode('", "proof": ');
const TIMESTAMP = String.UTF8.encode(', "timestamp": ');
const TRANSACTIONS = String.UTF8.encode(', "transactions": [');
const AMOUNT = String.UTF8.encode('{"amount": ');
const NONCE = String.UTF8.encode(', "nonce": "');
const QUOTE = String.UTF8.encode('"');
const RECIPIENT = String.UTF8.encode(', "recipient": "');
const SENDER = String.UTF8.encode('", "sender": "');
const END = String.UTF8.encode('"}');
const COMMA = String.UTF8.encode(', ');
const END_OF_LIST = String.UTF8.encode(']}');

/** What stands in a block; places are counted in bytes from its beginning. In the same order it stands in ../plain-block.ts. */
@unmanaged
class Found {
  index: f64;
  proof: f64;
  /** Where the previous hash begins. */
  hashAt: u32;
  timestampAt: u32;
  timestampEnd: u32;
  /** 1 where the timestamp may not be the shortest text of its double. */
  isTimestampUnsure: u32;
  /** 1 where the last transaction, and no other, is a reward, and the tutorial's. */
  isRewarded: u32;
  /** Transactions that have a nonce. */
  identified: u32;
}

/** Where the caller writes the block, and how many bytes it may have. */
export const text: usize = heap.alloc(TEXT_BYTES);
export const room: u32 = TEXT_BYTES;
export const found: usize = heap.alloc(offsetof<Found>());
/** Where each transaction that has a nonce begins, and ends: two u32 each. */
export const places: usize = heap.alloc((TEXT_BYTES / LEAST_TRANSACTION_BYTES) * 8);

/** By character code. */
const kinds: usize = heap.alloc(256);
for (let code: usize = 0; code < 256; code++) {
  const isHex = (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66);
  const isName = code >= 0x20 && code <= 0x7e && code != 0x22 && code != 0x5c;
  store<u8>(kinds + code, (isHex ? HEX : 0) | (isName ? NAME : 0));
}
const powersOfTen: usize = heap.alloc((MOST_FRACTION_DIGITS + 1) << 3);
for (let n: usize = 0, power: f64 = 1; n <= MOST_FRACTION_DIGITS; n++, power *= 10) store<f64>(powersOfTen + (n << 3), power);

/** How far the text was read, and where it ends. */
let at: usize = 0;
let end: usize = 0;
/** The number read last. */
let value: f64 = 0;

/**
 * @param length - bytes of the block, no more than there is room for
 * @returns whether they are plain
 */
export function read(length: u32): bool {
  at = text;
  end = text + length;
  const block = changetype<Found>(found);
  if (!takes(INDEX) || !integer()) return false;
  block.index = value;
  if (!takes(PREVIOUS_HASH)) return false;
  block.hashAt = place();
  if (!hex(HASH_DIGITS) || !takes(PROOF) || !integer()) return false;
  block.proof = value;
  if (!takes(TIMESTAMP)) return false;
  block.timestampAt = place();
  const timestamp = number();
  if (timestamp == NONE) return false;
  block.isTimestampUnsure = u32(timestamp == UNSURE);
  block.timestampEnd = place();
  return takes(TRANSACTIONS) && payments(block) && at == end;
}

/** The transactions, and the end of their list. */
function payments(block: Found): bool {
  let rewards = 0;
  let isWholeReward = false;
  block.identified = 0;
  for (let isFirst = true; !takes(END_OF_LIST); isFirst = false) {
    if (!isFirst && !takes(COMMA)) return false;
    const start = place();
    if (!takes(AMOUNT)) return false;
    const amountAt = at;
    if (number() != PLAIN || value == 0) return false;
    const isOne = stands(ONE, amountAt);
    const hasNonce = takes(NONCE);
    if (hasNonce && !(hex(NONCE_DIGITS) && takes(QUOTE))) return false;
    if (!takes(RECIPIENT) || !name() || !takes(SENDER)) return false;
    const senderAt = at;
    if (!name()) return false;
    const isReward = stands(ZERO, senderAt);
    if (!takes(END)) return false;
    if (isReward) rewards++;
    isWholeReward = isReward && isOne && !hasNonce;
    if (hasNonce) keep(block, start);
  }
  block.isRewarded = u32(rewards == 1 && isWholeReward);
  return true;
}

/** Keeps where the transaction read last stands. */
function keep(block: Found, start: u32): void {
  const entry = places + (block.identified << 3);
  store<u32>(entry, start);
  store<u32>(entry + 4, place());
  block.identified++;
}

function place(): u32 {
  return u32(at - text);
}

/** Whether this character, and no more, was read since a place. */
function stands(character: u8, since: usize): bool {
  return at - since == 1 && load<u8>(since) == character;
}

/** Whether this comes next; it is passed over then. */
function takes(literal: ArrayBuffer): bool {
  const length = usize(literal.byteLength);
  if (at + length > end || !isSame(changetype<usize>(literal), length)) return false;
  at += length;
  return true;
}

/** Whether the same bytes stand elsewhere, eight at a time. */
function isSame(elsewhere: usize, length: usize): bool {
  let i: usize = 0;
  for (; i + 8 <= length; i += 8) if (load<u64>(at + i) != load<u64>(elsewhere + i)) return false;
  for (; i < length; i++) if (load<u8>(at + i) != load<u8>(elsewhere + i)) return false;
  return true;
}

/** An integer of at most 15 digits. */
function integer(): bool {
  const start = at;
  value = digits(0, MOST_INTEGER_DIGITS);
  const isPadded = at > start + 1 && load<u8>(start) == ZERO;
  return at > start && !isPadded;
}

/** A number whose canonical text is the one that stands here; NONE where it may be another. */
function number(): i32 {
  if (!integer()) return NONE;
  if (at == end || load<u8>(at) != POINT) return PLAIN;
  at++;
  const whole = value;
  const point = at;
  const all = digits(whole, MOST_FRACTION_DIGITS);
  const count = at - point;
  if (count == 0) return NONE;
  const endsInZero = load<u8>(at - 1) == ZERO;
  if (endsInZero) return count == 1 ? PLAIN : NONE;
  value = all / load<f64>(powersOfTen + (count << 3));
  if (value < LEAST_PLAIN_FLOAT) return NONE;
  // Both are exact, so that the quotient is the nearest double, and the text the shortest for it.
  return all < MOST_DISTINCT ? PLAIN : UNSURE;
}

/** Whether so many lowercase hex digits come next; those that do are passed over. */
function hex(count: usize): bool {
  return pass(HEX, count) == count;
}

/** Whether a name comes next; as much of it as may be one is passed over. */
function name(): bool {
  return pass(NAME, MOST_NAME_CHARACTERS) > 0;
}

/** Passes over the characters that come of a kind, so many at most. @returns how many they are */
function pass(kind: u8, most: usize): usize {
  const start = at;
  const stop = min(end, at + most);
  while (at < stop && (load<u8>(kinds + load<u8>(at)) & kind) != 0) at++;
  return at - start;
}

/** The digits that come, at most so many, after those of a number. */
function digits(before: f64, most: usize): f64 {
  let all = before;
  for (const stop = min(end, at + most); at < stop; at++) {
    const digit = load<u8>(at) - ZERO;
    if (digit > 9) break;
    all = all * 10 + digit;
  }
  return all;
}
