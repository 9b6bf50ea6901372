/**
 * At most one run of a task at a time a key, and at most one more waiting: whoever asks while one runs shares the
 * next, which sees all that has happened until it starts.
 */
export class Coalesced<T> {
  readonly #running = new Map<string, { current: Promise<T>; next: Promise<T> | undefined }>();

  run(key: string, task: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key);
    if (running === undefined) return this.#start(key, task);
    const start = () => this.#start(key, task);
    running.next ??= running.current.then(start, start);
    return running.next;
  }

  #start(key: string, task: () => Promise<T>): Promise<T> {
    const running = { current: task(), next: undefined };
    this.#running.set(key, running);
    const ended = () => {
      if (this.#running.get(key) === running && running.next === undefined) this.#running.delete(key);
    };
    running.current.then(ended, ended);
    return running.current;
  }
}
