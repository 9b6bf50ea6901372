/** What reaches the control API's port, what other control APIs answer, and what an event stream tells. */
import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import fc from 'fast-check';
import {
  canonicalJson,
  DEFAULT_GENESIS,
  isJsonObject,
  parseJson,
  REWARD_SENDER,
  readTransaction,
} from '../../../src/chain/index.js';
import { EventLines } from '../../../src/cli/event-line.js';
import { createApp } from '../../../src/control/app.js';
import type { ControlledNode } from '../../../src/control/controlled-node.js';
import { EVENT_LIMITS, EventStream } from '../../../src/control/events/event-stream.js';
import { createControlServer } from '../../../src/control/http-server.js';
import { HealthError, readHealth } from '../../../src/control/introduction/health.js';
import { NodeMetrics } from '../../../src/control/metrics/node-metrics.js';
import { OwnHosts } from '../../../src/control/safety/hosts.js';
import { SILENT } from '../../../src/log.js';
import { parseDialAddress } from '../../../src/network/address.js';
import { DialError } from '../../../src/network/errors.js';
import { createNode, readInvitation } from '../../../src/node/index.js';
import { anyTransaction } from '../../chain/arbitraries.js';
import { anyHex, anyIpAddress, anyPeerId } from '../arbitraries.js';
import { bytesOf, type Outcome, readerOf, type Target, textOf } from '../target.js';

/** A node that was never started, in front of which requests are checked; it sends nothing anywhere. */
function aNode(): ControlledNode {
  const node = createNode({ mdns: false, threads: 1, name: 'fuzzed' });
  const head = { length: 1, hash: DEFAULT_GENESIS.hash, proof: DEFAULT_GENESIS.proof };
  const snapshot = {
    head,
    pieces: async function* () {
      yield [DEFAULT_GENESIS.bytes];
    },
    close: async () => {},
  };
  const status = {
    version: '0.0.0',
    name: 'fuzzed',
    network: { name: 'gossipchain', difficulty: 4 },
    networkId: '515b81d5a2aeb7ed',
    peerId: '12D3KooWSNSuP5kH2kYtLbfNtimD4yGqoCRR9Aae1k3tjXmk7hsb',
    addresses: [],
    head,
    peers: 0,
    pending: 0,
    mining: null,
    tiedHeads: [],
  };
  return {
    networkId: status.networkId,
    peerId: status.peerId,
    addresses: () => [],
    peers: () => [],
    pending: () => [],
    status: () => status,
    diagnosis: async () => node.diagnosis(),
    invitation: () => node.invitation(),
    miningPace: null,
    setMiningPace() {},
    replaced: async () => [],
    mine: async () => DEFAULT_GENESIS,
    send: async (body: unknown) => ({ transaction: readTransaction(body), status: 'pending', block: 2 }),
    snapshot: async () => snapshot,
    block: async () => ({ block: DEFAULT_GENESIS, confirmations: 0 }),
    transaction: async () => undefined,
    connect: async (address: string) => {
      parseDialAddress(address);
      throw new DialError('refused', address, 'nobody listens there');
    },
    join: async (code: string) => readInvitation(code).peerId,
    resolve: async () => false,
    on: node.on.bind(node),
    off: node.off.bind(node),
  } as unknown as ControlledNode;
}

/** Another node that a request names would be asked: from now on no connection is made. @returns what undoes it */
function disconnected(): () => void {
  const { connect } = Socket.prototype;
  Socket.prototype.connect = function refuse(this: Socket) {
    process.nextTick(() => this.destroy(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })));
    return this;
  };
  return () => {
    Socket.prototype.connect = connect;
  };
}

/** Its streams end at once: what is read are the requests. */
class BriefEvents extends EventStream {
  override open(lastEventId: string | undefined) {
    const feed = super.open(lastEventId);
    feed?.finish();
    return feed;
  }
}

const PORT = 5000;

const anyRequest = fc
  .oneof(
    fc.tuple(
      fc.constant('POST /transactions/new'),
      anyTransaction
        .filter(({ sender, nonce }) => sender !== REWARD_SENDER && nonce !== undefined)
        .map(({ text }) => text),
    ),
    fc.tuple(fc.constant('POST /mine'), fc.constant('{}')),
  )
  .map(([line, body]) => [
    line,
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  ]);
const anyQuestion = fc
  .constantFrom(
    '/chain',
    '/chain?from=1&limit=2',
    '/status',
    '/health',
    '/peers',
    '/mining',
    '/branches',
    '/events',
    '/blocks/1',
    '/transactions/pending',
    '/',
  )
  .map((path) => [`GET ${path}`, '\r\n']);

export const httpTarget: Target = {
  name: 'http',
  valid: fc
    .oneof(anyRequest, anyQuestion)
    .map(([line, rest]) => bytesOf(`${line} HTTP/1.1\r\nHost: localhost:${PORT}\r\n${rest}`)),
  open: async () => {
    const reconnect = disconnected();
    const node = aNode();
    let mistake: string | undefined;
    const log = {
      ...SILENT,
      error: (fields: object) => {
        mistake = String((fields as { error: unknown }).error);
      },
    };
    const events = new BriefEvents(node, EVENT_LIMITS);
    const stopping = new AbortController().signal;
    const hosts = new OwnHosts(PORT, '127.0.0.1', []);
    const app = await createApp({
      node,
      events,
      metrics: new NodeMetrics(node, undefined),
      hosts,
      token: undefined,
      stopping,
      log,
    });
    const connections = new Map<Duplex, Connection>();
    const server = createControlServer((request, response) => {
      connections.get(request.socket)?.carries(response);
      app.routing(request, response);
    });
    // A request is sent whole, or never will be: the end of what was sent says so, and gives up nothing.
    Object.assign(server, { httpAllowHalfOpen: true });
    return {
      read: async (input) => {
        const [client, end] = duplexPair();
        // As a socket: no answer of this test's is waited for.
        const served = Object.assign(end, { setTimeout: () => end });
        connections.set(served, new Connection(served));
        server.emit('connection', served);
        client.end(input);
        const answer = await answered(client, served);
        connections.delete(served);
        served.destroy();
        if (mistake !== undefined) {
          const why = mistake;
          mistake = undefined;
          throw new Error(why);
        }
        return outcomeOf(answer);
      },
      close: async () => {
        reconnect();
        events.stop();
        await app.close();
      },
    };
  },
};

/** Ends when all that came is answered. An answer that waits behind another when that happens is never told of it. */
class Connection {
  #underWay = 0;

  constructor(private readonly served: Duplex) {
    served.once('end', () => setImmediate(() => this.#settle()));
  }

  carries(response: ServerResponse): void {
    this.#underWay++;
    response.once('close', () => {
      this.#underWay--;
      this.#settle();
    });
  }

  #settle(): void {
    if (this.served.readableEnded && this.#underWay === 0) this.served.end();
  }
}

/** All that was answered until the connection was ended, or given up. */
function answered(client: Duplex, served: Duplex): Promise<string> {
  let text = '';
  client.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  return new Promise((resolve) => {
    client.once('end', () => resolve(text));
    // The end of one side destroyed does not reach the other.
    served.once('close', () => setImmediate(() => resolve(text)));
  });
}

/** The last answer counts, where a connection carried several requests. @throws Error where it is none of ours */
function outcomeOf(answer: string): Outcome {
  // An answer follows the one before without a line's end between them.
  const statuses = [...answer.matchAll(/(?:^|[}>\n])HTTP\/1\.1 (\d{3}) /g)].map(([, status]) =>
    Number(status),
  );
  if (statuses.some((status) => status === 500)) throw new Error(`answers with ${answer}`);
  const last = statuses.at(-1);
  if (last === undefined) return { refused: 'no-answer' };
  if (last < 400) return {};
  const body = answer.slice(answer.lastIndexOf('\r\n\r\n') + 4);
  const problem = parseJson(body);
  if (!isJsonObject(problem) || typeof problem.message !== 'string')
    throw new Error(`says nothing: ${answer}`);
  return { refused: String(last) };
}

export const healthTarget: Target = {
  name: 'health',
  valid: fc
    .tuple(anyHex(16), anyPeerId, fc.array(anyIpAddress, { maxLength: 3 }))
    .map(([network_id, peer_id, addresses]) =>
      bytesOf(
        canonicalJson({
          status: 'ok',
          network_id,
          peer_id,
          addresses: addresses.map((at) => `${at}/p2p/${peer_id}`),
        }),
      ),
    ),
  open: () =>
    readerOf([HealthError], (input) => {
      const { networkId, peerId, addresses } = readHealth(input);
      return bytesOf(canonicalJson({ network_id: networkId, peer_id: peerId, addresses }));
    }),
};

const anyEventName = fc.constantFrom('block', 'transaction', 'peer', 'fork', 'reorg', 'mining', 'reset');
const anyEventData = fc.record({
  block: fc.record({
    index: fc.nat(),
    timestamp: fc.double({ noNaN: true, noDefaultInfinity: true }),
    transactions: fc.constant([]),
  }),
  at: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  peer_id: anyPeerId,
  name: fc.string(),
  hash: anyHex(64),
  from: fc.option(anyPeerId),
  source: fc.constantFrom('own', 'gossip', 'sync'),
});

/** `name` and data, a line each. */
export const eventTarget: Target = {
  name: 'event-line',
  valid: fc
    .tuple(anyEventName, anyEventData)
    .map(([name, data]) => bytesOf(`${name}\n${canonicalJson(data)}`)),
  open: () => {
    const lines = new EventLines(false);
    return readerOf([], (input) => {
      const [name = '', ...data] = textOf(input).split('\n');
      const line = lines.line(name, data.join('\n'));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may reach a terminal
      if (/[\n\x1b]/.test(line)) throw new Error(`not one plain line: ${JSON.stringify(line)}`);
      return undefined;
    });
  },
};
