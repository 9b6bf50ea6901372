/** `/events`: what happens, as it happens. */
import type { FastifyInstance } from 'fastify';
import { RETRY_EVENTS_SECONDS } from '../constants.js';
import type { EventStream } from '../events/event-stream.js';
import { Problem } from '../problem.js';
import { CALLS } from '../schemas/calls.js';

const HEADERS = {
  // Proxies of nginx's kind would hold events back until they have a buffer full.
  'X-Accel-Buffering': 'no',
  // Over a connection that is kept, a client would come back to the node that ended its stream because it stops.
  Connection: 'close',
};

export function addEventCall(app: FastifyInstance, events: EventStream): void {
  app.get(
    '/events',
    {
      exposeHeadRoute: false,
      schema: CALLS['GET /events'],
    },
    async (request, reply) => {
      const feed = events.open(lastEventId(request.headers['last-event-id']));
      if (feed === undefined) {
        throw new Problem(503, 'too many listen to events already: close one, or try again later', {
          'Retry-After': String(RETRY_EVENTS_SECONDS),
        });
      }
      return reply.type('text/event-stream').headers(HEADERS).send(feed);
    },
  );
}

/** A browser that has seen no id sends none, or an empty one. */
function lastEventId(header: string | string[] | undefined): string | undefined {
  const id = [header].flat()[0];
  return id === '' ? undefined : id;
}
