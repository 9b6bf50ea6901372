/** Nodes that are registered: by multiaddr, or by where their control API is. */
import { EventEmitter } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createNetwork } from '../../../src/chain/index.js';
import type { ControlledNode } from '../../../src/control/controlled-node.js';
import { introduce, reachable } from '../../../src/control/introduction/introduce.js';
import { readNodes } from '../../../src/control/introduction/node-address.js';
import { REGISTERED } from '../../../src/control/schemas/peers.js';
import { DialError, MAX_ADDRESS_CHARACTERS } from '../../../src/node/index.js';
import { collectGarbage } from '../../helpers/garbage.js';
import {
  expectError,
  expectToMatch,
  fakeNode,
  HAS_IPV6_LOOPBACK,
  later,
  post,
  startNode,
} from '../support.js';

const PEER = `12D3KooW${'A'.repeat(44)}`;
const OTHER = `12D3KooW${'B'.repeat(44)}`;

/** Something that answers HTTP; not a node. */
async function answering(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  later(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

const AN_IPV6_HOST: [string, (url: string) => string] = [
  'an IPv6 host and port',
  (url) => url.replace('http://127.0.0.1', '[::1]'),
];

const json =
  (value: unknown): RequestListener =>
  (_request, response) => {
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value));
  };

describe('/nodes/register', () => {
  it.each([
    ['its multiaddr', (_url: string, address: string) => address],
    ['its multiaddr without peer id', (_url: string, address: string) => address.replace(/\/p2p\/.*/, '')],
    ['the URL of its control API', (url: string) => url],
    ['a URL with a slash at the end', (url: string) => `${url}/`],
    ['a URL with a path', (url: string) => `${url}/chain`],
    ['host and port', (url: string) => url.replace('http://', '')],
    ['localhost and port', (url: string) => url.replace('http://127.0.0.1', 'localhost')],
    ...(HAS_IPV6_LOOPBACK ? [AN_IPV6_HOST] : []),
    ['host and port in blanks', (url: string) => ` ${url.replace('http://', '')} `],
  ])('connects to a node by %s', async (_what, name) => {
    const one = await startNode();
    const other = await startNode();
    const address = other.node.addresses()[0] as string;
    const {
      status,
      json: answer,
      text,
    } = await post(`${one.url}/nodes/register`, {
      nodes: [name(other.url, address)],
    });
    expect(status, text).toBe(201);
    expectToMatch(answer, REGISTERED);
    expect(answer).toEqual({ message: 'New nodes have been added', total_nodes: [address] });
    expect(one.node.peers().map(({ peerId }) => peerId)).toEqual([other.node.peerId]);
  });

  it('connects to several at once, and lists all peers, sorted', async () => {
    const one = await startNode();
    const others = [await startNode(), await startNode(), await startNode()];
    const addresses = others.flatMap(({ node }) => node.addresses());
    await one.node.connect(addresses[0] as string);
    const {
      status,
      json: answer,
      text,
    } = await post(`${one.url}/nodes/register`, {
      nodes: [others[1]?.url, addresses[2], addresses[2]],
    });
    expect(status, text).toBe(201);
    expect(answer.total_nodes).toEqual([...addresses].sort());
  });

  it('again is no mistake', async () => {
    const one = await startNode();
    const other = await startNode();
    const first = await post(`${one.url}/nodes/register`, { nodes: [other.url] });
    expect(await post(`${one.url}/nodes/register`, { nodes: [other.url] })).toMatchObject({
      status: 201,
      json: first.json,
    });
  });

  it('of ourselves says so', async () => {
    const { url, node } = await startNode();
    const ourselves = /is this node itself: give the address of another/;
    expectError(await post(`${url}/nodes/register`, { nodes: [url] }), 400, ourselves);
    expectError(await post(`${url}/nodes/register`, { nodes: node.addresses() }), 400, ourselves);
  });

  it('of a node of another network names both', async () => {
    const one = await startNode();
    const network = createNetwork({ difficulty: 2, name: 'another' });
    const other = await startNode({ node: { network } });
    const answer = await post(`${one.url}/nodes/register`, { nodes: [other.url] });
    expectError(answer, 409, /is of another network, [0-9a-f]{16}; ours is [0-9a-f]{16}: start both with/);
    expect(answer.json.message).toContain(one.node.networkId);
    expect(answer.json.message).toContain(other.node.networkId);
    expect(one.node.peers()).toEqual([]);
  });

  it('of nodes some of which cannot be reached names those, and adds the others', async () => {
    const one = await startNode();
    const other = await startNode();
    const gone = '127.0.0.1:1';
    const answer = await post(`${one.url}/nodes/register`, {
      nodes: [gone, other.url, '/ip4/127.0.0.1/tcp/1'],
    });
    expectError(
      answer,
      502,
      /^cannot reach "127\.0\.0\.1:1": nobody listens there; .*; cannot reach \/ip4\/127\.0\.0\.1\/tcp\/1: .*\(the other nodes were added\)$/,
    );
    expect(one.node.peers().map(({ peerId }) => peerId)).toEqual([other.node.peerId]);
  });

  it('of nodes one of which is of another network, named by its peer address, tells of the others, too', async () => {
    const one = await startNode();
    const other = await startNode();
    const stranger = await startNode({
      node: { network: createNetwork({ difficulty: 2, name: 'another' }) },
    });
    const [address] = stranger.node.addresses();
    const answer = await post(`${one.url}/nodes/register`, { nodes: ['127.0.0.1:1', other.url, address] });
    expectError(
      answer,
      502,
      /^cannot reach "127\.0\.0\.1:1": nobody .*; .* another network.*\(the other nodes were added\)$/,
    );
    expectError(await post(`${one.url}/nodes/register`, { nodes: [address] }), 409, /another network/);
    expect(one.node.peers().map(({ peerId }) => peerId)).toEqual([other.node.peerId]);
  });

  it('of an address that is none says so in the tutorial’s words', async () => {
    const { url } = await startNode();
    for (const address of ['/foo', '/ip4/127.0.0.1', '127.0.0.1'])
      expectError(
        await post(`${url}/nodes/register`, { nodes: [address] }),
        400,
        /^Error: Please supply a valid list of nodes: /,
      );
  });

  const NO_NODE = /what answers there is no gossipchain node/;
  it.each<[string, RequestListener, RegExp]>([
    ['says 404', (_request, response) => response.writeHead(404).end('{}'), NO_NODE],
    [
      'redirects',
      (_request, response) => response.writeHead(302, { Location: '/other' }).end(),
      /it redirects elsewhere/,
    ],
    [
      'does not know the name',
      (_request, response) => response.writeHead(403).end(),
      /does not answer to this name/,
    ],
    ['is too busy', (_request, response) => response.writeHead(503).end(), /starting, stopping/],
    ['says what is no JSON', (_request, response) => response.end('hello'), NO_NODE],
    ['says a list', json([]), NO_NODE],
    ['says nothing of use', json({ status: 'ok' }), NO_NODE],
    ['has no peer id', json({ network_id: '0'.repeat(16), peer_id: 'x', addresses: [] }), NO_NODE],
    ['says too much', (_request, response) => response.end(' '.repeat(1 << 20)), NO_NODE],
    [
      'says more and more',
      (_request, response) => {
        const timer = setInterval(() => response.write(' '.repeat(1 << 14)), 1);
        response.on('close', () => clearInterval(timer));
      },
      NO_NODE,
    ],
    ['hangs up', (request) => request.socket.destroy(), /hung up without an answer/],
    ['says nothing', () => {}, /no answer within 2 s/],
    ['never ends', (_request, response) => response.write('{'), /no answer within 2 s/],
  ])('of a host that %s says why not', async (_what, listener, message) => {
    const { url, node } = await startNode();
    const host = await answering(listener);
    const answer = await post(`${url}/nodes/register`, { nodes: [host] });
    expectError(answer, 502, message);
    expect(answer.json.message).toContain(`cannot reach "${host}": `);
    expect(node.peers()).toEqual([]);
  });

  it('asks /health, once, and follows no redirect', async () => {
    const { url } = await startNode();
    const asked: string[] = [];
    const host = await answering(({ method, url: path }, response) => {
      asked.push(`${method} ${path}`);
      response.writeHead(301, { Location: '/health' }).end();
    });
    expectError(await post(`${url}/nodes/register`, { nodes: [`http://${host}/a/b?c`] }), 502, /redirects/);
    expect(asked).toEqual(['GET /health']);
  });
});

describe('introducing a node by its control API', () => {
  const health = (addresses: string[], peerId = PEER) =>
    json({
      status: 'ok',
      network_id: '0'.repeat(16),
      peer_id: peerId,
      addresses,
      later: 'versions say more',
    });

  /** Our node, which reaches only some addresses. */
  function introducer(reachable: (address: string) => boolean) {
    const dialled: string[] = [];
    const peers: { peerId: string }[] = [];
    const node = fakeNode({
      peerId: OTHER,
      peers: () => peers as never,
      connect: async (address) => {
        dialled.push(address);
        if (!reachable(address)) throw new DialError('refused', address, `no way to ${address}`);
        peers.push({ peerId: PEER });
        return PEER;
      },
    });
    return { node, dialled };
  }

  const nodes = (host: string) => readNodes({ nodes: [host] });
  const signal = new AbortController().signal;

  it('tries its addresses one after the other, the one that answered first', async () => {
    const [far, near] = [`/ip4/192.0.2.7/tcp/4001/p2p/${PEER}`, `/ip4/127.0.0.1/tcp/4001/p2p/${PEER}`];
    const host = await answering(health([far, near]));
    const first = introducer(() => true);
    await introduce(first.node, nodes(host), signal);
    expect(first.dialled).toEqual([near]);
    const second = introducer((address) => address === far);
    await introduce(second.node, nodes(host), signal);
    expect(second.dialled).toEqual([near, far]);
  });

  it('dials nothing but addresses of the peer that answered', async () => {
    const host = await answering(
      health([
        `/ip4/192.0.2.7/tcp/1/p2p/${OTHER}`,
        '/ip4/192.0.2.7/tcp/2',
        'nonsense',
        `/x${'y'.repeat(MAX_ADDRESS_CHARACTERS)}/p2p/${PEER}`,
      ]),
    );
    const { node, dialled } = introducer(() => true);
    await expect(introduce(node, nodes(host), signal)).rejects.toMatchObject({
      statusCode: 502,
      message: expect.stringMatching(/listens for peers on no address/),
    });
    expect(dialled).toEqual([]);
  });

  it('takes loopback addresses for its own only where it is on this machine', () => {
    const [loop, loop6, lan] = ['/ip4/127.0.0.1/tcp/1', '/ip6/::1/tcp/1', '/ip4/192.0.2.7/tcp/1'] as const;
    const health = { addresses: [loop, loop6, lan], remoteAddress: '192.0.2.7' };
    expect(reachable({ ...health, isLocal: false })).toEqual([lan]);
    expect(reachable({ ...health, isLocal: true })).toEqual([lan, loop, loop6]);
  });

  it('gives up on a host that names very many addresses', async () => {
    const many = Array.from({ length: 500 }, (_, i) => `/ip4/192.0.2.${i % 250}/tcp/${i + 1}/p2p/${PEER}`);
    const host = await answering(health(many));
    const { node, dialled } = introducer(() => false);
    await expect(introduce(node, nodes(host), signal)).rejects.toMatchObject({ statusCode: 502 });
    expect(dialled).toHaveLength(8);
  });

  it('waits no longer than promised for what a peer calls itself, also where garbage is collected', async () => {
    const host = await answering(health([`/ip4/127.0.0.1/tcp/4001/p2p/${PEER}`]));
    const node = Object.assign(new EventEmitter(), {
      networkId: '0'.repeat(16),
      peerId: OTHER,
      peers: () => [],
      connect: async () => {
        void turn().then(collectGarbage);
        return PEER;
      },
    });
    const introduced = introduce(node as unknown as ControlledNode, nodes(host), signal);
    await expect(introduced).rejects.toMatchObject({ statusCode: 502 });
  });

  it('ends when nobody waits for it any more', async () => {
    const host = await answering(() => {});
    const { node } = introducer(() => true);
    const controller = new AbortController();
    const introduced = introduce(node, nodes(host), controller.signal);
    controller.abort(new Error('gone'));
    await expect(introduced).rejects.toThrow('gone');
  });
});

describe('host and port', () => {
  it('may have the usual port of the web, which a URL leaves out', () => {
    const [node] = readNodes({ nodes: ['192.168.1.20:80'] });
    expect(node).toMatchObject({ kind: 'control', url: { href: 'http://192.168.1.20/' } });
  });
});
