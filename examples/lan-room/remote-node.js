/** A node somewhere, by its control API. */
import { eventsOf } from '../event-stream.js';

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
    return eventsOf(await this.#ask('/events', signal));
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
