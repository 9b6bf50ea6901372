/** An HTTP server with every limit set on purpose, and an answer of our own for what is not HTTP. */
import { createServer, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_MS,
  LAST_WORDS_MS,
  MAX_CONNECTIONS,
  MAX_HEADER_BYTES,
  REQUEST_TIMEOUT_MS,
  STREAM_STALL_MS,
  TIMEOUT_CHECK_MS,
} from './constants.js';
import { errorAnswer } from './problem.js';

/** By when what a client sends must be there, in ms. */
export interface Patience {
  readonly headersMs: number;
  readonly requestMs: number;
  /** Between two looks at it. */
  readonly checkMs: number;
  /** How long it may take nothing of an answer that has begun. */
  readonly stallMs: number;
  /** For who is hung up on to take the reason. */
  readonly lastWordsMs: number;
}

const PATIENCE: Patience = {
  headersMs: HEADERS_TIMEOUT_MS,
  requestMs: REQUEST_TIMEOUT_MS,
  checkMs: TIMEOUT_CHECK_MS,
  stallMs: STREAM_STALL_MS,
  lastWordsMs: LAST_WORDS_MS,
};

export function createControlServer(answer: RequestListener, patience = PATIENCE): Server {
  const listener: RequestListener = (request, response) => {
    response.setTimeout(patience.stallMs).on('timeout', cutOffStalled);
    answer(request, response);
  };
  const server = createServer(
    {
      headersTimeout: patience.headersMs,
      requestTimeout: patience.requestMs,
      connectionsCheckingInterval: patience.checkMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // A request without a Host gets our own answer, which says why.
      requireHostHeader: false,
    },
    listener,
  );
  server.maxConnections = MAX_CONNECTIONS;
  // Whatever else a client expects, it gets the answer it would get anyway: Node's own would say nothing.
  server.on('checkExpectation', listener);
  server.on('clientError', (error, socket) => answerBrokenRequest(error, socket, patience.lastWordsMs));
  return server;
}

/** Nothing went over this connection for long: its client's doing where something waits for it, else the answer takes its time. */
function cutOffStalled(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}

function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex, lastWordsMs: number): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = reasonOf(error.code);
  const body = JSON.stringify(errorAnswer(status, message));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  // Our end of it is closed; who never closes theirs would hold the connection all the same.
  const hangUp = setTimeout(() => socket.destroy(), lastWordsMs).unref();
  socket.once('close', () => clearTimeout(hangUp));
}

function reasonOf(code: string | undefined): [status: number, message: string] {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return [431, `the headers are too large: send at most ${MAX_HEADER_BYTES} bytes of them`];
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [408, 'the request took too long to arrive: send it again'];
    default:
      return [400, 'this is not an HTTP request: the control API speaks HTTP/1.1, without TLS'];
  }
}
