/** Bodies are read by the ledger's own JSON parser: numbers keep their kind and size, and duplicate keys are refused. */
import type { FastifyInstance } from 'fastify';
import { JsonError, parseJson } from '../chain/index.js';
import { Problem } from './problem.js';

/** Pages of other sites can send a body of some other types, or of none, without asking first. */
export const NOT_JSON = new Problem(
  415,
  'the body must be JSON: send it with the header "Content-Type: application/json"',
);

export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    // Some clients send the type with no body at all: that is no body.
    if (body.length === 0) return done(null, undefined);
    try {
      done(null, parseJson(body as Buffer));
    } catch (error) {
      done(error instanceof JsonError ? new Problem(400, error.message) : (error as Error));
    }
  });
  // Nor is there one where a form is sent with nothing in it, as curl -d '' does.
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(body.length === 0 ? null : NOT_JSON, undefined);
  });
}
