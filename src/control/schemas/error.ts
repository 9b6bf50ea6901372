import type { Static } from './static.js';

/** Every answer that is not what was asked for. */
export const ERROR = {
  description: 'What went wrong, and what to do.',
  type: 'object',
  properties: {
    statusCode: { type: 'integer', minimum: 400, maximum: 599 },
    error: { description: 'the status in words', type: 'string' },
    message: { description: 'what to do', type: 'string' },
  },
  required: ['statusCode', 'error', 'message'],
  additionalProperties: false,
  examples: [{ statusCode: 400, error: 'Bad Request', message: 'Missing values: recipient, amount' }],
} as const;

export type ErrorAnswer = Static<typeof ERROR>;

/** Of calls that can fail in these ways only. */
export function errors<Status extends number>(...statuses: Status[]): Record<Status, typeof ERROR> {
  return Object.fromEntries(statuses.map((status) => [status, ERROR])) as Record<Status, typeof ERROR>;
}
