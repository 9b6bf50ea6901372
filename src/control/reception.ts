/** Takes requests from the moment a port is bound, and lets them wait until there is someone to answer. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

export class Reception {
  #handler: RequestListener | undefined;
  #waiting: [IncomingMessage, ServerResponse][] = [];

  readonly receive: RequestListener = (request, response) => {
    if (this.#handler === undefined) this.#waiting.push([request, response]);
    else this.#handler(request, response);
  };

  /** Answers those who wait, in the order they came, and all who come. */
  serve(handler: RequestListener): void {
    this.#handler = handler;
    for (const [request, response] of this.#waiting.splice(0)) {
      if (!response.destroyed) handler(request, response);
    }
  }
}
