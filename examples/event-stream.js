/** A node's events, out of the answer of its `/events`. */
import { EventSourceParserStream } from 'eventsource-parser/stream';

/** @returns a stream of the events, each with its name as `event` */
export function eventsOf({ body }) {
  return body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .pipeThrough(
      new TransformStream({
        transform: ({ event, data }, events) => events.enqueue({ ...JSON.parse(data), event }),
      }),
    );
}
