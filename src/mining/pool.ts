/** Mining threads: started on first use, kept warm, replaced when one dies. */

import { Worker } from 'node:worker_threads';
import { MiningError } from './errors.js';
import type { SharedSearch, WorkOrder } from './shared-search.js';

interface Run {
  /** The workers that have not left the search yet. */
  readonly busy: Set<Worker>;
  resolve(): void;
  reject(error: MiningError): void;
}

export class SearchPool {
  readonly #workers = new Set<Worker>();
  readonly #runs = new Map<number, Run>();
  #lastId = 0;

  /** @param threads - how many workers take part in a search, at least 1 */
  constructor(readonly threads: number) {
    if (!Number.isInteger(threads) || threads < 1) {
      throw new RangeError(`threads must be an integer of at least 1, not ${threads}`);
    }
  }

  /**
   * Puts every worker on a search; done when all have left it: it is over or cancelled. Workers take searches in the
   * order they were given, so one that was cancelled delays the next by a chunk at most.
   *
   * @throws MiningError `worker-failed` when a worker cannot be started or dies on it; the search is then neither
   * finished nor cancelled
   */
  async run(search: SharedSearch): Promise<void> {
    this.#startMissing();
    const order: WorkOrder = { id: ++this.#lastId, job: search.job };
    const finished = new Promise<void>((resolve, reject) => {
      this.#runs.set(order.id, { busy: new Set(this.#workers), resolve, reject });
    });
    for (const worker of this.#workers) {
      worker.ref();
      worker.postMessage(order);
    }
    return finished;
  }

  /** Ends every worker; what still runs fails. Idempotent, and the next run starts new workers. */
  async stop(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }

  #startMissing(): void {
    try {
      while (this.#workers.size < this.threads) this.#start();
    } catch (cause) {
      throw new MiningError('worker-failed', 'cannot start a mining thread: try fewer threads', { cause });
    }
  }

  #start(): void {
    // Of this process's own flags some (--eval, --input-type) would keep a worker from starting: none is passed on.
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      name: 'gossipchain-miner',
      execArgv: [],
    });
    worker.unref(); // until it has a search
    worker.on('message', (id: number) => this.#left(worker, id));
    worker.on('error', (error) => this.#died(worker, error));
    worker.on('exit', (code) => this.#died(worker, new Error(`the thread ended with code ${code}`)));
    this.#workers.add(worker);
  }

  #left(worker: Worker, id: number): void {
    const run = this.#runs.get(id);
    if (!run?.busy.delete(worker)) return;
    if (run.busy.size === 0) {
      this.#close(id);
      run.resolve();
    }
  }

  /** An error and the exit after it both arrive here; the second finds nothing to do. */
  #died(worker: Worker, cause: Error): void {
    this.#workers.delete(worker);
    for (const [id, run] of this.#runs) {
      if (!run.busy.has(worker)) continue;
      this.#close(id);
      run.reject(
        new MiningError('worker-failed', `a mining thread died (${cause.message}): mine again`, { cause }),
      );
    }
  }

  /** Idle workers are no reason to keep the process alive; a search someone waits for is. */
  #close(id: number): void {
    this.#runs.delete(id);
    if (this.#runs.size === 0) for (const worker of this.#workers) worker.unref();
  }
}
