/** `/session`: a page shows the token once, and gets a cookie that stands for it. */
import type { FastifyInstance } from 'fastify';
import { isJsonObject } from '../../chain/index.js';
import { Problem } from '../problem.js';
import type { Token } from '../safety/token.js';
import { errors } from '../schemas/error.js';
import { SESSION } from '../schemas/session.js';

export function addSessionCall(app: FastifyInstance, token: Token | undefined): void {
  app.post(
    '/session',
    {
      config: { open: () => true },
      schema: {
        summary: 'Exchange the token for a cookie, as the dashboard does',
        description: 'Where the node needs no token, any will do, and no cookie is given.',
        body: SESSION,
        response: {
          204: { description: 'The cookie is set: HttpOnly, SameSite=Strict.', type: 'null' },
          ...errors(400, 401),
        },
      },
    },
    async ({ body }, reply) => {
      const given = readToken(body);
      if (token !== undefined) {
        if (!token.is(given)) throw new Problem(401, 'this is not the token of this node');
        reply.header('Set-Cookie', token.cookie);
      }
      return reply.code(204).send();
    },
  );
}

function readToken(body: unknown): string {
  if (isJsonObject(body) && Object.keys(body).length === 1 && typeof body.token === 'string')
    return body.token;
  throw new Problem(400, 'send the token as {"token": "…"}');
}
