/** A browser's request is served only for a page of ours: other sites may neither read nor mine. */
import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import { quote } from '../../quote.js';
import { Problem } from '../problem.js';
import type { OwnHosts } from './hosts.js';

const OURS = [undefined, 'none', 'same-origin'];

/** @throws Problem 400 or 403 */
export function refuseOtherSites(request: FastifyRequest, hosts: OwnHosts): void {
  const { host, origin, 'sec-fetch-site': site } = request.headers;
  const origins = hosts.originsOf(host, request.raw.socket.localAddress);
  if (!(OURS as unknown[]).includes(site)) {
    throw new Problem(
      403,
      'the request comes from a page of another site, which may not use this node: open the address yourself',
    );
  }
  if (origin !== undefined && !origins.includes(origin.toLowerCase())) {
    throw new Problem(403, `pages of ${quote(origin)} may not use this node`);
  }
}

/** For GET calls that do something: a browser that only looks ahead must not do it. */
export const refusePrefetch: onRequestHookHandler = (request, _reply, done) => {
  const purposes = [request.headers['sec-purpose'], request.headers.purpose, request.headers['x-moz']];
  const isAhead = purposes.some((purpose) => /prefetch|prerender|preview/i.test(String(purpose ?? '')));
  done(isAhead ? new Problem(403, 'this call does something: it is not answered ahead of time') : undefined);
};
