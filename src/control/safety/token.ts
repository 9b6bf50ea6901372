/** A secret that every call must bring, where one is set. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Problem } from '../problem.js';

const BEARER = /^Bearer +([\x21-\x7e]+) *$/i;

export class Token {
  readonly #digest: Buffer;

  constructor(token: string) {
    this.#digest = digest(token);
  }

  /**
   * Takes as long for any wrong token: digests of one length are compared, in constant time.
   *
   * @param authorization the header of that name
   * @throws Problem 401
   */
  check(authorization: string | undefined): void {
    const given = BEARER.exec(authorization ?? '')?.[1];
    if (given !== undefined && timingSafeEqual(digest(given), this.#digest)) return;
    throw new Problem(
      401,
      given === undefined
        ? 'this node needs its token: send it as "Authorization: Bearer TOKEN"'
        : 'this is not the token of this node',
      { 'WWW-Authenticate': 'Bearer realm="gossipchain"' },
    );
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
