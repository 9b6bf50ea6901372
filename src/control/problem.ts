/** An answer that is not what was asked for: a status, and a message that tells what to do. */
import { STATUS_CODES } from 'node:http';
import type { ErrorAnswer } from './schemas/error.js';

export class Problem extends Error {
  override readonly name = 'Problem';

  /** @param headers of the answer, such as `Retry-After` */
  constructor(
    readonly statusCode: number,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

/** The body of every answer that is not what was asked for. */
export function errorAnswer(statusCode: number, message: string): ErrorAnswer {
  return { statusCode, error: STATUS_CODES[statusCode] ?? 'Error', message };
}
