/** `/` for a browser: the dashboard, and the two files it is made of. Nothing in them is a secret. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PageFiles } from '../page-files.js';
import { Problem } from '../problem.js';
import { PAGE_POLICY } from '../safety/headers.js';

const NOT_BUILT = new Problem(404, 'this page is not built: run npm run build');

const ASSETS = {
  'app.js': 'text/javascript; charset=utf-8',
  'app.css': 'text/css; charset=utf-8',
} as const;

/** Whether whoever asks would rather have a page than JSON: browsers say so, and nothing else does. */
export function wantsPage({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') ?? false;
}

export function addDashboardFiles(app: FastifyInstance, files: PageFiles): void {
  for (const [name, type] of Object.entries(ASSETS)) {
    app.get(
      `/dashboard/${name}`,
      { config: { open: () => true }, schema: { hide: true } },
      async (request, reply) => sendFile(request, reply, files, name, type),
    );
  }
}

export function sendPage(request: FastifyRequest, reply: FastifyReply, files: PageFiles): FastifyReply {
  reply.header('Content-Security-Policy', PAGE_POLICY);
  return sendFile(request, reply, files, 'index.html', 'text/html; charset=utf-8');
}

/** A browser keeps what it has, but asks each time whether it is still that: the node may have been updated. */
export function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  files: PageFiles,
  name: string,
  type: string,
): FastifyReply {
  const file = files.file(name);
  if (file === undefined) throw NOT_BUILT;
  reply.headers({ 'Cache-Control': 'no-cache', ETag: file.etag });
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  return reply.type(type).send(file.bytes);
}
