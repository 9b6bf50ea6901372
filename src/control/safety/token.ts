/** A secret that every call must bring, where one is set: as a bearer, or as the cookie that a page got for it. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Problem } from '../problem.js';

const BEARER = /^Bearer +([\x21-\x7e]+) *$/i;

export class Token {
  readonly #digest: Buffer;
  readonly #cookieName: string;
  readonly #session: string;
  readonly #sessionDigest: Buffer;

  /** @param port ours: a browser sends the cookies of one port to all ports of a host */
  constructor(token: string, port: number) {
    this.#digest = digest(token);
    this.#cookieName = `gossipchain-${port}`;
    // Good for as long as the token is, also over a restart, and tells nobody what the token is.
    this.#session = createHmac('sha256', token).update('gossipchain dashboard session').digest('hex');
    this.#sessionDigest = digest(this.#session);
  }

  /** For a page that has shown the token: no script can read it, and no page of another site can have it sent. */
  get cookie(): string {
    return `${this.#cookieName}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /**
   * Whether this is the token. Takes as long for any wrong one: digests of one length are compared, in constant time.
   */
  is(given: string): boolean {
    return timingSafeEqual(digest(given), this.#digest);
  }

  /** @throws Problem 401 */
  check({ authorization, cookie }: Pick<IncomingHttpHeaders, 'authorization' | 'cookie'>): void {
    const given = BEARER.exec(authorization ?? '')?.[1];
    if (given !== undefined && this.is(given)) return;
    if (authorization === undefined && this.#hasSession(cookie)) return;
    throw new Problem(
      401,
      given === undefined
        ? 'this node needs its token: send it as "Authorization: Bearer TOKEN"'
        : 'this is not the token of this node',
      { 'WWW-Authenticate': 'Bearer realm="gossipchain"' },
    );
  }

  #hasSession(cookies = ''): boolean {
    const ours = `${this.#cookieName}=`;
    return cookies
      .split(/; */)
      .filter((cookie) => cookie.startsWith(ours))
      .some((cookie) => timingSafeEqual(digest(cookie.slice(ours.length)), this.#sessionDigest));
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
