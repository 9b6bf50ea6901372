/** `/mining`: whether, and how often, the node mines by itself. */
import type { FastifyInstance } from 'fastify';
import { Float, isJsonObject } from '../../chain/index.js';
import { MAX_MINING_SECONDS, MIN_MINING_SECONDS } from '../constants.js';
import type { ControlledNode } from '../controlled-node.js';
import { Problem } from '../problem.js';
import { errors } from '../schemas/error.js';
import { MINING_PACE, type MiningPace } from '../schemas/mining.js';

export function addMiningCalls(app: FastifyInstance, node: ControlledNode): void {
  const pace = (): MiningPace => ({ every_seconds: node.miningPace });
  app.get(
    '/mining',
    {
      schema: {
        summary: 'Whether the node mines by itself, and how often',
        response: { 200: MINING_PACE, ...errors(503) },
      },
    },
    async () => pace(),
  );
  app.post(
    '/mining',
    {
      schema: {
        summary: 'Have the node mine by itself, or not',
        description: 'The waiting times are random, as between the blocks of a real network.',
        body: MINING_PACE,
        response: { 200: MINING_PACE, ...errors(400, 415, 503) },
      },
    },
    async ({ body }) => {
      node.setMiningPace(readPace(body));
      return pace();
    },
  );
}

function readPace(body: unknown): number | null {
  const keys = isJsonObject(body) ? Object.keys(body) : [];
  if (isJsonObject(body) && keys.length === 1 && keys[0] === 'every_seconds') {
    const given = body.every_seconds;
    const seconds = given instanceof Float ? given.value : given;
    if (seconds === null) return null;
    if (typeof seconds === 'number' && seconds >= MIN_MINING_SECONDS && seconds <= MAX_MINING_SECONDS)
      return seconds;
  }
  throw new Problem(
    400,
    `send {"every_seconds": N} with N from ${MIN_MINING_SECONDS} to ${MAX_MINING_SECONDS}, or null for "only when asked"`,
  );
}
