/** `/openapi.json`: what this API is, for programs; `/docs`: the same for people, to read and to try. */
import type { FastifyInstance } from 'fastify';
import type { Calls } from '../calls.js';
import { JSON_TYPE } from '../json-stream.js';
import { openApiDocument } from '../openapi/document.js';
import { PageFiles } from '../page-files.js';
import { sendFile, sendPage } from './dashboard.js';

const ASSETS = {
  'docs.js': 'text/javascript; charset=utf-8',
  'swagger-ui.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
} as const;

/** Neither the document nor the page is a secret: both are answered without the token. */
const OPEN = { open: () => true };

export function addOpenApiCalls(app: FastifyInstance, calls: Calls): void {
  let document: string | undefined;
  app.get(
    '/openapi.json',
    {
      config: OPEN,
      schema: {
        summary: 'This document',
        response: { 200: { description: 'OpenAPI 3.1', type: 'object' } },
      },
    },
    async (_request, reply) => {
      document ??= JSON.stringify(openApiDocument(calls.described), null, 2);
      return reply.type(JSON_TYPE).send(document);
    },
  );

  const files = new PageFiles('docs');
  app.get(
    '/docs',
    {
      config: OPEN,
      schema: {
        summary: 'A page to read this document, and to try the calls',
        response: {
          200: { description: 'a page', content: { 'text/html': { schema: { type: 'string' } } } },
        },
      },
    },
    async (request, reply) => sendPage(request, reply, files),
  );
  for (const [name, type] of Object.entries(ASSETS)) {
    app.get(`/docs/${name}`, { config: OPEN, schema: { hide: true } }, async (request, reply) =>
      sendFile(request, reply, files, name, type),
    );
  }
}
