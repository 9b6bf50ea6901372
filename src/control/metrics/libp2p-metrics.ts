/** libp2p's own figures: it gives them to what is passed to `createNode` as `libp2pMetrics`, and they are told here. */
import { prometheusMetrics } from '@libp2p/prometheus-metrics';
import { Registry } from 'prom-client';
import type { NodeOptions } from '../../node/index.js';

/** What it says of the process, the metrics of the process say, too, and in the units that their names promise. */
const OURS = /^nodejs_/;

export class Libp2pMetrics {
  readonly #registry = new Registry();

  /** For one node. */
  readonly make: NonNullable<NodeOptions['libp2pMetrics']> = (components) => {
    this.#registry.clear();
    const metrics = prometheusMetrics({ registry: this.#registry, collectDefaultMetrics: false })(components);
    for (const { name } of this.#registry.getMetricsAsArray())
      if (OURS.test(name)) this.#registry.removeSingleMetric(name);
    return metrics;
  };

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
