/** A node's metrics for Prometheus. The node knows nothing of them: it is listened to, and asked when they are fetched. */
import { collectDefaultMetrics, Registry } from 'prom-client';
import { EventMetrics, type EventSource } from './event-metrics.js';
import type { Libp2pMetrics } from './libp2p-metrics.js';
import { StateMetrics, type StateSource } from './state-metrics.js';

export class NodeMetrics {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly #registry = new Registry();
  readonly #events: EventMetrics;
  readonly #state: StateMetrics;
  #isWatchingProcess = false;

  /**
   * Counts events from now on.
   *
   * @param libp2p what libp2p tells, where it was asked to
   */
  constructor(
    source: EventSource & StateSource,
    private readonly libp2p: Libp2pMetrics | undefined,
  ) {
    this.#events = new EventMetrics(source, this.#registry);
    this.#state = new StateMetrics(source, this.#registry);
  }

  /** All of them, in Prometheus' text format. @throws NodeError `not-running` */
  async text(): Promise<string> {
    this.#watchProcess();
    this.#state.update();
    return `${await this.#registry.metrics()}${(await this.libp2p?.text()) ?? ''}`;
  }

  stop(): void {
    this.#events.stop();
  }

  /** From the first time on that anybody asks: to watch the event loop wakes an idle process a hundred times a second. */
  #watchProcess(): void {
    if (this.#isWatchingProcess) return;
    this.#isWatchingProcess = true;
    collectDefaultMetrics({ register: this.#registry });
  }
}
