/** `/invitation`, and what becomes of a code that is registered. */
import { describe, expect, it } from 'vitest';
import { createNetwork } from '../../src/chain/index.js';
import { readNodes } from '../../src/control/introduction/node-address.js';
import { INVITATION } from '../../src/control/schemas/invitation.js';
import { REGISTERED } from '../../src/control/schemas/peers.js';
import { createNode, InvitationError, readInvitation } from '../../src/node/index.js';
import { ask, EASY, expectError, expectToMatch, fakeNode, post, serve, startNode } from './support.js';

const register = (url: string, ...nodes: string[]) => post(`${url}/nodes/register`, { nodes });

describe('/invitation', () => {
  it('says a code that holds the network and where this node is', async () => {
    const { url, node } = await startNode();
    const { status, json, text } = await ask(`${url}/invitation`);
    expect(status, text).toBe(200);
    expectToMatch(json, INVITATION);
    const { code, ...said } = json;
    expect(said).toEqual({ network_id: node.networkId, peer_id: node.peerId, addresses: node.addresses() });
    expect(readInvitation(code)).toMatchObject({
      network: EASY,
      peerId: node.peerId,
      addresses: node.addresses(),
    });
  });

  it('says why there is none', async () => {
    const { url } = await startNode({ node: { listen: [] } });
    expectError(await ask(`${url}/invitation`), 409, /^this node cannot invite: .*--listen/);
  });
});

describe('/nodes/register with a code', () => {
  it('connects to the node that made it, however the code is written', async () => {
    const one = await startNode();
    const other = await startNode();
    const code = other.node.invitation();
    for (const text of [code, code.toUpperCase(), ` ${code.match(/.{1,6}/g)?.join('-')} `]) {
      const { status, json, text: answer } = await register(one.url, text);
      expect(status, answer).toBe(201);
      expectToMatch(json, REGISTERED);
      expect(json.total_nodes).toEqual(other.node.addresses());
    }
  });

  it('of another network names both', async () => {
    const one = await startNode();
    const other = await startNode({ node: { network: createNetwork({ name: 'another', difficulty: 2 }) } });
    const answer = await register(one.url, other.node.invitation());
    expectError(answer, 409, /^the invitation is for another network, "another" .* --join CODE"$/);
    expect(answer.json.message).toContain(one.node.networkId);
    expect(answer.json.message).toContain(other.node.networkId);
    expect(one.node.peers()).toEqual([]);
  });

  it('that is damaged says so', async () => {
    const { url } = await startNode();
    const code = (await startNode()).node.invitation();
    expectError(
      await register(url, code.slice(0, -1)),
      400,
      /^the invitation is damaged.*copy it again, whole$/,
    );
  });

  it('of a node that is gone, or whose place another has taken, says so', async () => {
    const one = await startNode();
    const gone = await startNode();
    const code = gone.node.invitation();
    const [address = ''] = gone.node.addresses();
    await gone.node.stop();
    const stale =
      /^the invitation is stale, its node is not where it says \(.*\): get a new one by "gossipchain invite"/;
    expectError(await register(one.url, code), 502, stale);
    await startNode({ node: { listen: [address.replace(/\/p2p\/.*/, '')] } });
    expectError(await register(one.url, code), 502, stale);
    expect(one.node.peers()).toEqual([]);
  });

  it('of this node itself says so', async () => {
    const { url, node } = await startNode();
    expectError(await register(url, node.invitation()), 400, /^the invitation is this node's own/);
  });

  it('beside others that can be reached adds those', async () => {
    const one = await startNode();
    const other = await startNode();
    const code = other.node.invitation();
    const answer = await register(one.url, `${code}q`, ...other.node.addresses());
    expectError(answer, 400, /^the invitation is damaged.*\(the other nodes were added\)$/);
    expect(one.node.peers().map(({ peerId }) => peerId)).toEqual([other.node.peerId]);
  });

  it('is not taken for a host, nor a host for a code', async () => {
    expect(readNodes({ nodes: ['gc1:5000'] })).toMatchObject([{ kind: 'control' }]);
    expect(readNodes({ nodes: ['gc1qqqq'] })).toMatchObject([{ kind: 'invitation' }]);
    const { url } = await serve(
      fakeNode({ join: () => Promise.reject(new InvitationError('stale', 'gone')) }),
    );
    expectError(await register(url, 'gc1qqqq'), 502, 'gone');
  });
});

describe('a node made with a code', () => {
  it('keeps the network of the code, and is connected when it has started', async () => {
    const { node } = await startNode();
    const joined = createNode({
      join: node.invitation(),
      mdns: false,
      listen: ['/ip4/127.0.0.1/tcp/0'],
      threads: 1,
    });
    await using _stopped = joined;
    await joined.start();
    expect(joined.networkId).toBe(node.networkId);
    await expect.poll(() => joined.peers().map(({ peerId }) => peerId)).toEqual([node.peerId]);
  });

  it('is not made for another network', async () => {
    const { node } = await startNode();
    const network = createNetwork({ name: 'mine' });
    expect(() => createNode({ join: node.invitation(), network })).toThrow(/is for another network/);
  });
});
