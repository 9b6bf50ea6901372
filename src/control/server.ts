/** The control API of a running node, on a port that was bound before. */
import type { Logger } from '../log.js';
import { createApp } from './app.js';
import type { Binding } from './binding.js';
import { RETRY_STOPPING_SECONDS } from './constants.js';
import type { ControlledNode } from './controlled-node.js';
import { ControlError } from './errors.js';
import { EventStream } from './events/event-stream.js';
import type { Libp2pMetrics } from './metrics/libp2p-metrics.js';
import { NodeMetrics } from './metrics/node-metrics.js';
import { Problem } from './problem.js';
import { OwnHosts } from './safety/hosts.js';
import { Token } from './safety/token.js';

export interface ControlOptions {
  /** Names that requests may be addressed to, beside loopback's and the bound address. */
  readonly allowHosts: readonly string[];
  /** What every call must bring, save those that are open. @default only this machine can reach the API */
  readonly token: string | undefined;
  /** What libp2p tells of itself. @default `/metrics` does without */
  readonly libp2p?: Libp2pMetrics | undefined;
  readonly log: Logger;
}

export interface Control {
  /** Ends event streams and searches, then the port, within a moment; to be called before the node is stopped. */
  stop(): Promise<void>;
}

/**
 * Serves a node that runs.
 *
 * @throws ControlError `token-needed` where others than this machine can reach the port and there is no token
 */
export async function serveControl(
  node: ControlledNode,
  binding: Binding,
  { allowHosts, token, libp2p, log }: ControlOptions,
): Promise<Control> {
  if (!binding.loopbackOnly && !token) {
    throw new ControlError(
      'token-needed',
      `others can reach ${binding.host}: the control API needs a token there, or --host 127.0.0.1`,
    );
  }
  const events = new EventStream(node);
  const metrics = new NodeMetrics(node, libp2p);
  const stopping = new AbortController();
  const app = await createApp({
    node,
    events,
    metrics,
    hosts: new OwnHosts(binding.port, binding.host, allowHosts),
    token: token ? new Token(token, binding.port) : undefined,
    stopping: stopping.signal,
    log,
  });
  binding.serve(app.routing);
  return {
    stop: async () => {
      events.stop();
      metrics.stop();
      const retry = { 'Retry-After': String(RETRY_STOPPING_SECONDS) };
      stopping.abort(new Problem(503, 'the node is stopping: try again when it is back', retry));
      await binding.close();
      await app.close();
    },
  };
}
