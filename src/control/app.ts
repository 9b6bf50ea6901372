/** The HTTP application: every call, behind every check. */
import { Readable } from 'node:stream';
import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify';
import type { FastifyRouteSchemaDef } from 'fastify/types/schema.js';
import { canonicalJson } from '../chain/index.js';
import type { Logger } from '../log.js';
import { StorageError } from '../node/index.js';
import { errorAnswerer } from './answer-errors.js';
import { Calls } from './calls.js';
import { MAX_BODY_BYTES, MAX_PARAMETER_CHARACTERS } from './constants.js';
import type { ControlledNode } from './controlled-node.js';
import type { EventStream } from './events/event-stream.js';
import { SlowClient } from './events/feed.js';
import { type InputSchema, inputReader } from './input.js';
import { readJsonBodies } from './json-body.js';
import type { NodeMetrics } from './metrics/node-metrics.js';
import { PageFiles } from './page-files.js';
import { addBlockCalls } from './routes/blocks.js';
import { addBranchCall } from './routes/branches.js';
import { addChainCalls } from './routes/chain.js';
import { addDashboardFiles } from './routes/dashboard.js';
import { addDiagnosisCall } from './routes/diagnosis.js';
import { addEventCall } from './routes/events.js';
import { addInvitationCall } from './routes/invitation.js';
import { addMetricsCall } from './routes/metrics.js';
import { addMineCalls } from './routes/mine.js';
import { addMiningCalls } from './routes/mining.js';
import { addNodeCalls } from './routes/nodes.js';
import { addOpenApiCalls } from './routes/openapi.js';
import { addPeerCall } from './routes/peers.js';
import { addRoomCall } from './routes/room.js';
import { addRootCall } from './routes/root.js';
import { addSessionCall } from './routes/session.js';
import { addStatusCalls } from './routes/status.js';
import { addTransactionCalls } from './routes/transactions.js';
import { SAFETY_HEADERS } from './safety/headers.js';
import type { OwnHosts } from './safety/hosts.js';
import { refuseOtherSites } from './safety/origin.js';
import type { Token } from './safety/token.js';
import { NO_QUERY } from './schemas/common.js';

declare module 'fastify' {
  /** What the OpenAPI document says of a call beside its inputs and outputs. */
  interface FastifySchema {
    summary?: string;
    description?: string;
    /** Left out of the document. */
    hide?: boolean;
  }
  interface FastifyContextConfig {
    /** Whether a request is answered without the token. @default none is */
    open?: (request: FastifyRequest) => boolean;
  }
}

export interface AppParts {
  readonly node: ControlledNode;
  readonly events: EventStream;
  readonly metrics: NodeMetrics;
  readonly hosts: OwnHosts;
  readonly token: Token | undefined;
  /** Aborted when the node is about to stop: work under way is given up. */
  readonly stopping: AbortSignal;
  readonly log: Logger;
}

export async function createApp(parts: AppParts): Promise<FastifyInstance> {
  const { hosts, token, log } = parts;
  const answerError = errorAnswerer(log);
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    frameworkErrors: answerError,
    routerOptions: { maxParamLength: MAX_PARAMETER_CHARACTERS },
    schemaController: {
      compilersFactory: {
        // Fastify's types know its own compilers only, which take 0.1 s to load.
        buildValidator: (() => inputValidator) as never,
        buildSerializer: (() => () => canonicalJson) as never,
      },
    },
  });
  app.setReplySerializer(canonicalJson);
  app.setErrorHandler(answerError);
  readJsonBodies(app);

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SAFETY_HEADERS);
    refuseOtherSites(request, hosts);
    if (!request.routeOptions.config.open?.(request)) token?.check(request.headers);
  });
  app.addHook('onResponse', async ({ method, routeOptions }, { statusCode, elapsedTime }) => {
    log.debug({ method, call: routeOptions.url, status: statusCode, ms: Math.round(elapsedTime) }, 'call');
  });
  app.addHook('onSend', async ({ routeOptions }, reply, payload) => {
    // Once an answer has begun, all that is left is to cut it off, so that its client knows.
    if (!(payload instanceof Readable)) return;
    payload.on('error', (error) => {
      if (!reply.raw.headersSent) return;
      const isForeseen = error instanceof SlowClient || error instanceof StorageError;
      log.warn({ call: routeOptions.url, error: isForeseen ? error.message : error.stack }, 'answer-cut-off');
    });
  });
  app.addHook('onRoute', (route) => {
    route.schema = { querystring: NO_QUERY, ...route.schema };
  });
  const calls = new Calls();
  calls.watch(app);
  addCalls(app, parts, calls);
  await app.ready();
  return app;
}

/** Bodies are read by whoever knows what makes them good: the ledger's own parsers. */
function inputValidator({ schema, httpPart }: FastifyRouteSchemaDef<InputSchema>) {
  return httpPart === 'body' ? () => true : inputReader(schema);
}

function addCalls(
  app: FastifyInstance,
  { node, events, metrics, token, stopping }: AppParts,
  calls: Calls,
): void {
  addMineCalls(app, node, stopping);
  addMiningCalls(app, node);
  addTransactionCalls(app, node);
  addChainCalls(app, node, stopping);
  addNodeCalls(app, node, stopping);
  addBlockCalls(app, node);
  addBranchCall(app, node);
  addPeerCall(app, node);
  addInvitationCall(app, node);
  addStatusCalls(app, node);
  addDiagnosisCall(app, node);
  addEventCall(app, events);
  addMetricsCall(app, metrics);
  addSessionCall(app, token);
  addOpenApiCalls(app, calls);
  const files = new PageFiles('dashboard');
  addDashboardFiles(app, files);
  addRoomCall(app, node, files);
  addRootCall(app, calls, files);
}
