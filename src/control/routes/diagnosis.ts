/** `/diagnosis`: what stands between this node and others. */
import type { FastifyInstance } from 'fastify';
import type { ControlledNode } from '../controlled-node.js';
import { diagnosisAnswer } from '../diagnosis-answer.js';
import { DIAGNOSIS, type DiagnosisAnswer } from '../schemas/diagnosis.js';
import { errors } from '../schemas/error.js';

export function addDiagnosisCall(app: FastifyInstance, node: ControlledNode): void {
  app.get(
    '/diagnosis',
    {
      schema: {
        summary: 'What stands between this node and others',
        description:
          'Interfaces and mDNS on them, peers heard of, how dials ended, who is of another network, clocks, the disk; and what follows from it.',
        response: { 200: DIAGNOSIS, ...errors(503) },
      },
    },
    async (): Promise<DiagnosisAnswer> => diagnosisAnswer(await node.diagnosis()),
  );
}
