/** `/`: says which calls there are. */
import type { FastifyInstance } from 'fastify';
import type { Calls } from '../calls.js';

export function addRootCall(app: FastifyInstance, calls: Calls): void {
  app.get(
    '/',
    {
      schema: {
        summary: 'Which calls there are',
        response: {
          200: {
            type: 'object',
            properties: {
              message: { type: 'string' },
              calls: { type: 'array', items: { type: 'string' } },
            },
            required: ['message', 'calls'],
            additionalProperties: false,
          },
        },
      },
    },
    async () => ({
      message: 'This is the control API of a gossipchain node',
      calls: calls.list.filter((call) => call !== 'GET /'),
    }),
  );
}
