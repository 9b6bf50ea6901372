/** One call, as the OpenAPI document has it. */
import { STATUS_CODES } from 'node:http';
import type { FastifySchema } from 'fastify';
import { ERROR } from '../schemas/error.js';
import { type AnySchema, withReferences } from './components.js';
import { exampleOf } from './example.js';
import { groupOf } from './tags.js';

/** A call as it was added to the app. */
export interface DescribedCall {
  readonly method: string;
  /** As Fastify writes it: `/blocks/:index_or_hash`. */
  readonly path: string;
  readonly schema: FastifySchema;
  /** Whether it is answered without the token, whoever asks. */
  readonly open: boolean;
}

export function operationOf({ method, path, schema, open }: DescribedCall): object {
  const { summary, description, params, querystring, body, response } = schema;
  const words = path.split(/[^a-z]+/).filter((word) => word !== '');
  return {
    operationId: [method.toLowerCase(), ...words].join('_'),
    tags: [groupOf(path)],
    summary,
    description,
    parameters: [...parametersOf('path', params), ...parametersOf('query', querystring)],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': media(body as AnySchema) } } }),
    responses: {
      ...Object.fromEntries(
        Object.entries((response ?? {}) as Record<string, AnySchema>).map(([status, answer]) => [
          status,
          answerOf(status, answer),
        ]),
      ),
      default: errorAnswer(
        'Any other error: a Host, page, method, body, path or key in the query that is not taken; no token; a fault of the node.',
      ),
    },
    security: open ? [] : undefined,
  };
}

function parametersOf(place: 'path' | 'query', schema: unknown): object[] {
  const { properties = {} } = (schema ?? {}) as { properties?: Record<string, AnySchema> };
  return Object.entries(properties).map(([name, value]) => ({
    name,
    in: place,
    required: place === 'path',
    description: value.description,
    schema: withReferences(value),
    example: exampleOf(value),
  }));
}

function answerOf(status: string, answer: AnySchema): object {
  const { description = STATUS_CODES[status] ?? status, content, type } = answer;
  if (answer === ERROR) return errorAnswer(STATUS_CODES[status] as string);
  if (content !== undefined || type === 'null') return { description, content };
  return { description, content: { 'application/json': media(answer) } };
}

function errorAnswer(description: string): object {
  return { description, content: { 'application/json': { schema: withReferences(ERROR) } } };
}

function media(schema: AnySchema): object {
  return { schema: withReferences(schema), example: exampleOf(schema) };
}
