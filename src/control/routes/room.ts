/** `/room`: the whole network, as this node sees it; a page for a browser. */
import type { FastifyInstance } from 'fastify';
import type { ControlledNode } from '../controlled-node.js';
import type { PageFiles } from '../page-files.js';
import { Room } from '../room.js';
import { errors } from '../schemas/error.js';
import { ROOM } from '../schemas/room.js';
import { sendPage, wantsPage } from './dashboard.js';

export function addRoomCall(app: FastifyInstance, node: ControlledNode, files: PageFiles): void {
  const room = new Room(node);
  app.get(
    '/room',
    {
      config: { open: wantsPage },
      schema: {
        summary: 'Every node this one knows of, and how far behind it is; a page, for who takes text/html',
        response: { 200: ROOM, ...errors(503) },
      },
    },
    async (request, reply) => {
      reply.header('Vary', 'Accept');
      return wantsPage(request) ? sendPage(request, reply, files) : room.look();
    },
  );
}
