/**
 * The proof search of one thread, in AssemblyScript: SHA-256 (FIPS 180-4) of four proofs at a time, one in each lane of
 * a vector. `npm run kernel` compiles it into ../kernel-module.ts.
 *
 * The message is one block: the digits of the last proof and those of the proof. In a hundred proofs in a row only the
 * last two digits differ. They stand in one word of the message or, one each, in two words: in word `first` and perhaps
 * the next. All that does not depend on them is computed once for the hundred, in scalars:
 *
 * - the rounds up to `first`
 * - words 16 to first + 14 of the schedule
 * - of words first + 15 to first + 29 the sum of the terms that are the same for all; from first + 17 on of their first two terms
 *
 * `first` is at least 1 (six digits): then word first + 15 is one that the schedule makes.
 */

/** The block, bytes. The caller writes the digits but the last two (0 here), the padding and the length. */
const MESSAGE: usize = 0;

// Tables of u32, entry t at 4 * t:
/** Words of the message and the schedule that all hundred share; 0 where they do not. */
const SHARED: usize = 64;
/** The state after round `first`, a to h, without word `first`. */
const STATE: usize = 384;
/** What the last two digits add to word `first`, and to the next word, for each of the hundred. */
const LOW: usize = 512;
const LOW_NEXT: usize = 912;

// Tables of vectors, entry t at 16 * t, 65 of them: rounds come in pairs, and the last may have one after it that counts for nothing.
/** The round constants, in all lanes. */
const K_LANES: usize = 1536;
/** The terms that all hundred share, of the words that differ; of words first + 17 and first + 30 what the four have. */
const SUMS: usize = 2576;
/** The words after word first + 1. */
const WORDS: usize = 3616;
/** What the rounds up to first + 16 add: their word and their constant. */
const INPUTS: usize = 4656;

/** A vector: what all hundred share of the first two terms of word first + 17. */
const SHARED_SUM: usize = 5696;

/** The fractional parts of the square roots of the first eight primes. */
const INITIAL = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

/** The fractional parts of the cube roots of the first 64 primes. */
const K = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

for (let t: usize = 0; t < 64; t++) v128.store(t << 4, v128.load_splat<u32>(K + (t << 2)), K_LANES);

/**
 * The first of `count` proofs, all of the same length, whose hash begins with the zeros of `mask`.
 *
 * @param length - digits of the message, 6 to 32; the last two are of the proof
 * @param skip - 0 to 99: proofs to pass over first, since they are counted from the one whose last two digits are 00
 * @param count - proofs, those passed over included
 * @param mask - ones where the first word of the hash must be 0
 * @returns how many proofs come before it, those passed over included; -1 where there is none
 */
export function search(length: u32, skip: i32, count: i32, mask: u32): i32 {
  const first = (length - 2) >> 2;
  placeDigits(length - (first << 2));
  const masks = i32x4.splat(mask);
  for (let hundred = 0; hundred < count; hundred += 100) {
    // Only before another hundred: after the last one, all nines, it would carry into the last proof's digits.
    if (hundred > 0) addOne(MESSAGE + length - 3);
    prepareSchedule(first);
    prepareState(first);
    const to = min(count - hundred, 100);
    for (let low = hundred > 0 ? 0 : skip; low < to; low += 4) {
      const zeros = i32x4.eq(v128.and(compress(first, low << 2), masks), i32x4.splat(0));
      if (!v128.any_true(zeros)) continue;
      const hit = low + ctz(i32x4.bitmask(zeros));
      if (hit < to) return hundred + hit; // else it is no proof: past the hundred's, the last lanes hold anything
    }
  }
  return -1;
}

/** Adds 1 to the digits that end at `last`; they are not all nines. */
function addOne(last: usize): void {
  while (load<u8>(last) == 0x39) store<u8>(last--, 0x30);
  store<u8>(last, load<u8>(last) + 1);
}

/** Fills LOW and LOW_NEXT, where the message ends `end` bytes after the start of word `first`, 2 to 5. */
function placeDigits(end: u32): void {
  for (let i: u32 = 0; i < 100; i++) {
    const digits: u64 = ((0x30 + i / 10) << 8) + 0x30 + (i % 10);
    const words = digits << ((8 - end) << 3);
    store<u32>(LOW + (i << 2), <u32>(words >> 32));
    store<u32>(LOW_NEXT + (i << 2), <u32>words);
  }
}

/** Computes all of the schedule that the hundred share. */
function prepareSchedule(first: u32): void {
  for (let t: u32 = 0; t < 16; t++) store<u32>(SHARED + (t << 2), bswap(load<u32>(MESSAGE + (t << 2))));
  for (let t = first; t < first + 2; t++) {
    v128.store(t << 4, v128.load_splat<u32>(SHARED + (t << 2)), SUMS);
    store<u32>(SHARED + (t << 2), 0);
  }
  for (let t: u32 = 16; t < first + 15; t++) store<u32>(SHARED + (t << 2), sharedTerms(t));
  for (let t = first + 15; t < first + 17; t++) v128.store(t << 4, i32x4.splat(sharedTerms(t)), SUMS);
  v128.store(SHARED_SUM, i32x4.splat(earlyTerms(first + 17)));
  for (let t = first + 18; t < first + 30; t++) v128.store(t << 4, i32x4.splat(earlyTerms(t)), SUMS);
  for (let t = first + 2; t < first + 15; t++) {
    const word = v128.load_splat<u32>(SHARED + (t << 2));
    v128.store(t << 4, word, WORDS);
    v128.store(t << 4, add(word, v128.load(t << 4, K_LANES)), INPUTS);
  }
}

/** The sum that the schedule makes for word `t`, of the terms that are shared. */
function sharedTerms(t: u32): u32 {
  const p = SHARED + (t << 2);
  const w2 = load<u32>(p - 8);
  return earlyTerms(t) + load<u32>(p - 28) + (rotr(w2, 17) ^ rotr(w2, 19) ^ (w2 >> 10));
}

/** The same of its first two terms: of the words 16 and 15 before it. */
function earlyTerms(t: u32): u32 {
  const p = SHARED + (t << 2);
  const w15 = load<u32>(p - 60);
  return load<u32>(p - 64) + (rotr(w15, 7) ^ rotr(w15, 18) ^ (w15 >> 3));
}

/** Computes the state after round `first`. Its word is 0 here: it is still to be added to `a` and `e`. */
function prepareState(first: u32): void {
  let a = load<u32>(INITIAL);
  let b = load<u32>(INITIAL, 4);
  let c = load<u32>(INITIAL, 8);
  let d = load<u32>(INITIAL, 12);
  let e = load<u32>(INITIAL, 16);
  let f = load<u32>(INITIAL, 20);
  let g = load<u32>(INITIAL, 24);
  let h = load<u32>(INITIAL, 28);
  for (let t: u32 = 0; t <= first; t++) {
    const input = load<u32>(K + (t << 2)) + load<u32>(SHARED + (t << 2));
    const t1 = h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + (((f ^ g) & e) ^ g) + input;
    const t2 = (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + (((a ^ b) & (b ^ c)) ^ b);
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + t2;
  }
  store<u32>(STATE, a);
  store<u32>(STATE, b, 4);
  store<u32>(STATE, c, 8);
  store<u32>(STATE, d, 12);
  store<u32>(STATE, e, 16);
  store<u32>(STATE, f, 20);
  store<u32>(STATE, g, 24);
  store<u32>(STATE, h, 28);
}

/**
 * The rounds after `first`, for the four proofs whose digits are at `low` in LOW and LOW_NEXT; the first word of each hash.
 *
 * Two rounds at a time: the second takes the values of the first by the names under which they stand, and half as many are moved.
 * Of what a round adds up, `e` and `a` come last, since the next one waits for these.
 * The same rounds stand in two loops: in one for all, with one more question in it, they are 6 % slower.
 */
function compress(first: u32, low: usize): v128 {
  let p: usize = first << 4;
  // The words that the digits enter at once. `word` and `next` stay the last that are made for the first and the second of two rounds.
  const w0 = v128.or(v128.load(p, SUMS), v128.load(low, LOW));
  const w1 = v128.or(v128.load(p, SUMS + (1 << 4)), v128.load(low, LOW_NEXT));
  let word = add(v128.load(p, SUMS + (15 << 4)), s0(w0));
  let next = add(v128.load(p, SUMS + (16 << 4)), add(w0, s0(w1)));
  v128.store(p, word, WORDS + (15 << 4));
  v128.store(p, next, WORDS + (16 << 4));
  v128.store(p, add(w1, v128.load(p, K_LANES + (1 << 4))), INPUTS + (1 << 4));
  v128.store(p, add(word, v128.load(p, K_LANES + (15 << 4))), INPUTS + (15 << 4));
  v128.store(p, add(next, v128.load(p, K_LANES + (16 << 4))), INPUTS + (16 << 4));
  v128.store(p, add(v128.load(SHARED_SUM), w1), SUMS + (17 << 4));
  v128.store(p, add(v128.load(p, WORDS + (14 << 4)), s0(word)), SUMS + (30 << 4));

  let a = add(v128.load_splat<u32>(STATE), w0);
  let b = v128.load_splat<u32>(STATE, 4);
  let c = v128.load_splat<u32>(STATE, 8);
  let d = v128.load_splat<u32>(STATE, 12);
  let e = add(v128.load_splat<u32>(STATE, 16), w0);
  let f = v128.load_splat<u32>(STATE, 20);
  let g = v128.load_splat<u32>(STATE, 24);
  let h = v128.load_splat<u32>(STATE, 28);
  let x: v128;
  let y: v128;
  p += 1 << 4;
  for (const end = p + (16 << 4); p < end; p += 2 << 4) {
    x = add(add(h, v128.load(p, INPUTS)), choice(e, f, g));
    y = sum1(e);
    h = add(add(add(x, y), majority(a, b, c)), sum0(a));
    d = add(add(d, x), y);
    x = add(add(g, v128.load(p, INPUTS + (1 << 4))), choice(d, e, f));
    y = sum1(d);
    g = add(add(add(x, y), majority(h, a, b)), sum0(h));
    c = add(add(c, x), y);
    x = a;
    a = g;
    g = e;
    e = c;
    c = x;
    y = b;
    b = h;
    h = f;
    f = d;
    d = y;
  }
  for (const summed = p + (14 << 4); p < 64 << 4; p += 2 << 4) {
    // Of both words the first two terms...
    if (p < summed) {
      x = v128.load(p, SUMS);
      y = v128.load(p, SUMS + (1 << 4));
    } else {
      x = add(v128.load(p, WORDS - (16 << 4)), s0(v128.load(p, WORDS - (15 << 4))));
      y = add(v128.load(p, WORDS - (15 << 4)), s0(v128.load(p, WORDS - (14 << 4))));
    }
    // ...and the others.
    word = add(add(x, v128.load(p, WORDS - (7 << 4))), s1(word));
    next = add(add(y, v128.load(p, WORDS - (6 << 4))), s1(next));
    v128.store(p, word, WORDS);
    v128.store(p, next, WORDS + (1 << 4));
    x = add(add(add(h, v128.load(p, K_LANES)), word), choice(e, f, g));
    y = sum1(e);
    h = add(add(add(x, y), majority(a, b, c)), sum0(a));
    d = add(add(d, x), y);
    x = add(add(add(g, v128.load(p, K_LANES + (1 << 4))), next), choice(d, e, f));
    y = sum1(d);
    g = add(add(add(x, y), majority(h, a, b)), sum0(h));
    c = add(add(c, x), y);
    x = a;
    a = g;
    g = e;
    e = c;
    c = x;
    y = b;
    b = h;
    h = f;
    f = d;
    d = y;
  }
  // Where one round was too many, what was `a` before it is `b`.
  return add((first & 1) == 1 ? a : b, v128.load_splat<u32>(INITIAL));
}

/** Ch of the standard. */
@inline
function choice(e: v128, f: v128, g: v128): v128 {
  return v128.xor(v128.and(v128.xor(f, g), e), g);
}

/** Maj of the standard. */
@inline
function majority(a: v128, b: v128, c: v128): v128 {
  return v128.xor(v128.and(v128.xor(a, b), v128.xor(b, c)), b);
}

/** Σ1 of the standard. */
@inline
function sum1(e: v128): v128 {
  return xor3(rotate(e, 6), rotate(e, 11), rotate(e, 25));
}

/** Σ0 of the standard. */
@inline
function sum0(a: v128): v128 {
  return xor3(rotate(a, 2), rotate(a, 13), rotate(a, 22));
}

@inline
function s0(w: v128): v128 {
  return xor3(rotate(w, 7), rotate(w, 18), i32x4.shr_u(w, 3));
}

@inline
function s1(w: v128): v128 {
  return xor3(rotate(w, 17), rotate(w, 19), i32x4.shr_u(w, 10));
}

/** To the right. */
@inline
function rotate(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shr_u(x, bits), i32x4.shl(x, 32 - bits));
}

@inline
function xor3(x: v128, y: v128, z: v128): v128 {
  return v128.xor(v128.xor(x, y), z);
}

@inline
function add(x: v128, y: v128): v128 {
  return i32x4.add(x, y);
}
