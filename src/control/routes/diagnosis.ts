/** `/diagnosis`: what stands between this node and others. */
import type { FastifyInstance } from 'fastify';
import type { ControlledNode } from '../controlled-node.js';
import { diagnosisAnswer } from '../diagnosis-answer.js';
import { CALLS } from '../schemas/calls.js';
import type { DiagnosisAnswer } from '../schemas/diagnosis.js';

export function addDiagnosisCall(app: FastifyInstance, node: ControlledNode): void {
  app.get(
    '/diagnosis',
    { schema: CALLS['GET /diagnosis'] },
    async (): Promise<DiagnosisAnswer> => diagnosisAnswer(await node.diagnosis()),
  );
}
