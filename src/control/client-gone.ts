/** Work is given up when nobody waits for its result any more. */
import type { FastifyReply } from 'fastify';

/** Why work was given up: there is nobody left to tell. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';

  constructor() {
    super('the client went away before its answer was ready');
  }
}

/** A signal that is aborted when the client's connection closes before it has its answer. */
export function clientGone({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const onClose = () => {
    if (!raw.writableFinished) controller.abort(new ClientGone());
  };
  // A request that waited for the node to start may have been given up already.
  if (raw.destroyed || raw.socket?.destroyed) onClose();
  else raw.once('close', onClose);
  return controller.signal;
}
