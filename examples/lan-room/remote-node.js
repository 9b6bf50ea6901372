/** A node somewhere, by its control API. */
import { EventSourceParserStream } from 'eventsource-parser/stream';

export class RemoteNode {
  #headers;

  constructor(url, token) {
    this.url = url.replace(/\/$/, '');
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  async get(path, signal) {
    return await (await this.#ask(path, signal)).json();
  }

  /** The events from now on, each with its name as `event`. */
  async events(signal) {
    const { body } = await this.#ask('/events', signal);
    return body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream())
      .pipeThrough(
        new TransformStream({
          transform: ({ event, data }, events) => events.enqueue({ ...JSON.parse(data), event }),
        }),
      );
  }

  async #ask(path, signal) {
    let answer;
    try {
      answer = await fetch(this.url + path, { headers: this.#headers, signal });
    } catch (error) {
      if (signal.aborted) throw error;
      throw new Error(`${this.url} does not answer: ${error.cause?.message ?? error.message}`);
    }
    if (answer.ok) return answer;
    const { message } = await answer.json().catch(() => ({ message: `status ${answer.status}` }));
    throw new Error(`${this.url} refuses: ${message}`);
  }
}
