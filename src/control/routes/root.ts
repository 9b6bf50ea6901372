/** `/`: the dashboard for a browser; for all others, which calls there are. */
import type { FastifyInstance } from 'fastify';
import type { Calls } from '../calls.js';
import { PageFiles } from '../page-files.js';
import { addDashboardFiles, sendPage, wantsPage } from './dashboard.js';

export function addRootCall(app: FastifyInstance, calls: Calls): void {
  const files = new PageFiles('dashboard');
  addDashboardFiles(app, files);
  app.get(
    '/',
    {
      config: { open: wantsPage },
      schema: {
        summary: 'Which calls there are; the dashboard, for who takes text/html',
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
    async (request, reply) => {
      reply.header('Vary', 'Accept');
      if (wantsPage(request)) return sendPage(request, reply, files);
      return {
        message: 'This is the control API of a gossipchain node; in a browser, this is its dashboard',
        calls: calls.list.filter((call) => call !== 'GET /'),
      };
    },
  );
}
