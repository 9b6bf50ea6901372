/** `/metrics`: the node in figures, for Prometheus. */
import type { FastifyInstance } from 'fastify';
import type { NodeMetrics } from '../metrics/node-metrics.js';
import { errors } from '../schemas/error.js';

export function addMetricsCall(app: FastifyInstance, metrics: NodeMetrics): void {
  app.get(
    '/metrics',
    {
      schema: {
        summary: 'The node in figures, for Prometheus',
        response: {
          200: {
            description: "Prometheus' text format",
            content: { 'text/plain': { schema: { type: 'string' } } },
          },
          ...errors(503),
        },
      },
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  );
}
