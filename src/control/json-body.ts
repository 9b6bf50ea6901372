/** Bodies are read by the ledger's own JSON parser: numbers keep their kind and size, and duplicate keys are refused. */
import type { FastifyInstance } from 'fastify';
import { JsonError, parseJson } from '../chain/index.js';
import { Problem } from './problem.js';

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
}
