/** Turns whatever went wrong into an answer; what is our own mistake is logged, and its details are told to nobody. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { canonicalJson, InvalidTransaction } from '../chain/index.js';
import type { Logger } from '../log.js';
import {
  InvitationError,
  MiningError,
  type MiningErrorCode,
  NodeError,
  type NodeErrorCode,
  StorageError,
  type StorageErrorCode,
} from '../node/index.js';
import { ClientGone } from './client-gone.js';
import {
  MAX_BODY_BYTES,
  MAX_PARAMETER_CHARACTERS,
  RETRY_MEMPOOL_SECONDS,
  RETRY_MINING_SECONDS,
  RETRY_STOPPING_SECONDS,
} from './constants.js';
import { invitationProblem } from './invitation-problem.js';
import { NOT_JSON } from './json-body.js';
import { JSON_TYPE } from './json-stream.js';
import { errorAnswer, Problem } from './problem.js';
import { SAFETY_HEADERS } from './safety/headers.js';

const OF_NODE: Record<NodeErrorCode, { statusCode: number; retryAfter?: number }> = {
  'mining-busy': { statusCode: 429, retryAfter: RETRY_MINING_SECONDS },
  'mempool-full': { statusCode: 503, retryAfter: RETRY_MEMPOOL_SECONDS },
  'other-network': { statusCode: 409 },
  'not-running': { statusCode: 503, retryAfter: RETRY_STOPPING_SECONDS },
};

/** A thread that died is replaced, another head has its proof: the next try may find one. */
const OF_MINER: Record<MiningErrorCode, number> = {
  superseded: RETRY_MINING_SECONDS,
  stopped: RETRY_STOPPING_SECONDS,
  'worker-failed': RETRY_MINING_SECONDS,
  'no-proof': RETRY_MINING_SECONDS,
};

/** What befalls a store that is open; the node's log has it in one line of its own. */
const OF_STORAGE: Partial<Record<StorageErrorCode, (message: string) => Problem>> = {
  damaged: (message) => new Problem(500, message),
  'not-writable': (message) => new Problem(503, message),
  'not-openable': (message) => new Problem(503, message),
  closed: (message) => new Problem(503, message, tryAgain(RETRY_STOPPING_SECONDS)),
};

/** Of Fastify's own errors, those that a client can cause. */
const OF_FRAMEWORK: Record<string, Problem | undefined> = {
  FST_ERR_CTP_BODY_TOO_LARGE: new Problem(
    413,
    `the body is too large: send at most ${MAX_BODY_BYTES} bytes, and what is more in several requests`,
  ),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: NOT_JSON,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: new Problem(
    400,
    'the body is not as long as its Content-Length says: send it again',
  ),
  // Only what the router has no name for gets here, such as HTTP/2's PRI; all else is refused by `Calls`.
  FST_ERR_NOT_FOUND: new Problem(405, 'there is no such method: use GET or POST', { Allow: 'GET, POST' }),
  FST_ERR_BAD_URL: new Problem(400, 'the path is not a valid URL: write a % in it as %25'),
  FST_ERR_MAX_PARAM_LENGTH: new Problem(
    414,
    `a part of the path is longer than ${MAX_PARAMETER_CHARACTERS} characters: nothing has such a name`,
  ),
};

function tryAgain(seconds: number) {
  return { 'Retry-After': String(seconds) };
}

/** What a client is told; undefined where it is not the client's doing. */
function problemOf(error: FastifyError | Error): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof NodeError) {
    const { statusCode, retryAfter } = OF_NODE[error.code];
    return new Problem(statusCode, error.message, retryAfter === undefined ? {} : tryAgain(retryAfter));
  }
  if (error instanceof MiningError) return new Problem(503, error.message, tryAgain(OF_MINER[error.code]));
  if (error instanceof StorageError) return OF_STORAGE[error.code]?.(error.message);
  if (error instanceof InvitationError) return invitationProblem(error);
  if (error instanceof InvalidTransaction) return new Problem(400, error.message);
  return OF_FRAMEWORK[(error as FastifyError).code];
}

/** Whether the client hung up in the middle of its body. */
function isCutOff({ raw }: FastifyRequest): boolean {
  return raw.destroyed && !raw.complete;
}

export function errorAnswerer(log: Logger) {
  return (error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): void => {
    if (error instanceof ClientGone || isCutOff(request)) {
      log.debug({ method: request.method, call: request.routeOptions.url }, 'client-gone');
      reply.raw.destroy();
      return;
    }
    const problem = problemOf(error);
    if (problem === undefined) {
      log.error(
        { method: request.method, call: request.routeOptions.url, error: error.stack },
        'call-failed',
      );
    }
    const { statusCode, message, headers } =
      problem ?? new Problem(500, 'the node could not do this; its log says why');
    // Fastify closes the connection after a body it did not take; then its sender, still sending, could not read why.
    // What is left of the body is thrown away instead, for as long as a request may take.
    reply.removeHeader('connection');
    reply
      .code(statusCode)
      .headers({ ...SAFETY_HEADERS, ...headers })
      .type(JSON_TYPE)
      .serializer(canonicalJson)
      .send(errorAnswer(statusCode, message));
  };
}
