import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PrivateKey } from '@libp2p/interface';
import { peerIdFromPrivateKey, peerIdFromString } from '@libp2p/peer-id';
import { multiaddr } from '@multiformats/multiaddr';
import { LevelDatastore } from 'datastore-level';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { MAX_KNOWN_PEERS } from '../../src/network/constants.js';
import { DialError, ListenError, NotConnectedError, NotStartedError } from '../../src/network/errors.js';
import { createHost } from '../../src/network/host.js';
import { ephemeralKey } from '../../src/network/identity.js';
import type { ConnectedPeer } from '../../src/network/peers.js';
import { PortFile } from '../../src/network/ports.js';
import { naked, yamuxHeader } from '../hostile/raw.js';
import { ISOLATED, Lan, NETWORK_ID, peerIds, recordingLogger } from './support.js';

/** Other tests look for peers by mDNS at the same time. */
const OWN_NETWORK_ID = 'fedcba9876543210';

describe.skipIf(!ISOLATED)('a network', () => {
  let lan: Lan;
  let directory: string;
  beforeEach(async () => {
    lan = new Lan();
    directory = await mkdtemp(join(tmpdir(), 'gossipchain-network-'));
  });
  afterEach(async () => {
    await lan.stop();
    await rm(directory, { recursive: true });
  });

  it('tells who is connected: name, addresses, direction, since when, and after a while the round-trip time', async () => {
    const a = await lan.started({ nickname: 'anna' });
    const b = await lan.network({ nickname: 'bert\u0007\n' });
    const seen = once(a, 'peer:connect');
    await b.start();
    await b.connect(a.addresses()[0] ?? '');
    const [peer] = (await seen) as [ConnectedPeer];
    expect(peer).toMatchObject({
      peerId: b.peerId,
      name: 'bert',
      direction: 'inbound',
      addresses: b.addresses(),
    });
    expect(Math.abs(Date.now() - peer.connectedAt.getTime())).toBeLessThan(5_000);
    await expect
      .poll(() => b.peers())
      .toMatchObject([{ peerId: a.peerId, name: 'anna', direction: 'outbound' }]);
    await expect.poll(() => a.peers()[0]?.rttMs, { timeout: 15_000 }).toBeGreaterThanOrEqual(0);
  });

  it('announces a peer once, and its end once', async () => {
    const a = await lan.started();
    const b = await lan.started();
    const events: string[] = [];
    a.on('peer:connect', ({ peerId }) => events.push(`+${peerId}`));
    a.on('peer:disconnect', (peerId) => events.push(`-${peerId}`));
    await Promise.all([a.connect(b.addresses()[0] ?? ''), b.connect(a.addresses()[0] ?? '')]);
    await expect
      .poll(() => [peerIds(a), peerIds(b), a.connectionCount, b.connectionCount], { timeout: 5_000 })
      .toEqual([[b.peerId], [a.peerId], 1, 1]);
    await b.stop();
    await expect.poll(() => events, { timeout: 5_000 }).toEqual([`+${b.peerId}`, `-${b.peerId}`]);
  });

  it('connects to fixed peers, named with or without their peer id', async () => {
    const a = await lan.started();
    const b = await lan.started();
    const addresses = [a.addresses()[0] ?? '', (b.addresses()[0] ?? '').replace(/\/p2p\/.*/, '')];
    const c = await lan.started({ peers: addresses });
    await expect.poll(() => peerIds(c), { timeout: 5_000 }).toEqual([a.peerId, b.peerId].sort());
  });

  it('connects to a fixed peer that starts later', async () => {
    const key = await ephemeralKey();
    const first = await lan.started({ privateKey: key });
    const [address = ''] = first.addresses();
    await first.stop();
    const b = await lan.started({ peers: [address.replace(/\/p2p\/.*/, '')] });
    const listen = [address.replace(/\/p2p\/.*/, '')];
    const again = await lan.started({ privateKey: key, listen });
    await expect.poll(() => peerIds(b), { timeout: 5_000 }).toEqual([again.peerId]);
  });

  it('finds a restarted peer with the same key again, within a couple of seconds, also on another port', async () => {
    const keys = await Promise.all([ephemeralKey(), ephemeralKey()]);
    const start = (privateKey: PrivateKey) =>
      lan.started({ privateKey, mdns: true, networkId: OWN_NETWORK_ID });
    const nodes = await Promise.all(keys.map(start));
    for (const i of [0, 1]) {
      const other = nodes[1 - i]!;
      await expect.poll(() => peerIds(other), { timeout: 5_000 }).toEqual([nodes[i]?.peerId]);
      await nodes[i]?.stop();
      await expect.poll(() => peerIds(other), { timeout: 5_000 }).toEqual([]);
      nodes[i] = await start(keys[i]!);
      await expect.poll(() => peerIds(other), { timeout: 3_000 }).toEqual([nodes[i]?.peerId]);
    }
  });

  it('dials the peers it remembers when it starts again', async () => {
    const a = await lan.started();
    const privateKey = await ephemeralKey();
    for (const run of ['first', 'second']) {
      const datastore = new LevelDatastore(join(directory, 'peers'));
      await datastore.open();
      const b = await lan.started({ privateKey, datastore });
      if (run === 'first') await b.connect(a.addresses()[0] ?? '');
      await expect.poll(() => peerIds(b), { timeout: 5_000 }).toEqual([a.peerId]);
      await b.stop();
      await datastore.close();
    }
  });

  /** The ids of all peers in a peer store, as its keys have them. */
  async function idsIn(datastore: LevelDatastore): Promise<string[]> {
    const ids: string[] = [];
    for await (const key of datastore.queryKeys({ prefix: '/peers' })) ids.push(key.baseNamespace());
    return ids;
  }

  const cidOf = (network: { peerId: string }) => peerIdFromString(network.peerId).toCID().toString();

  it('keeps nothing of a peer that was dialled in vain and is not dialled again', async () => {
    const datastore = new LevelDatastore(join(directory, 'peers'));
    await datastore.open();
    const a = await lan.started({ datastore });
    const stranger = { peerId: '12D3KooWNvSZnPi3RrhrTwEY4LuuBeB6K6facKUCJcyWG1aoDd2p' };
    await expect(a.connect(`/ip4/127.0.0.1/tcp/1/p2p/${stranger.peerId}`)).rejects.toMatchObject({
      code: 'refused',
    });
    await expect.poll(() => idsIn(datastore)).toEqual([cidOf(a)]);
    await a.stop();
    await datastore.close();
  });

  it('clears out at the start what is left of many peers, and finds the one that it remembers among them', async () => {
    const keys = await Promise.all(Array.from({ length: MAX_KNOWN_PEERS + 1 }, ephemeralKey));
    const ids = keys.map((key) => peerIdFromPrivateKey(key));
    const last = ids.reduce((a, b) => (`${b.toCID()}` > `${a.toCID()}` ? b : a));
    const other = await lan.started({ privateKey: keys[ids.indexOf(last)] as PrivateKey });
    const datastore = new LevelDatastore(join(directory, 'peers'));
    await datastore.open();
    const privateKey = await ephemeralKey();
    const init = { networkId: NETWORK_ID, version: '0', nickname: '', listen: [], denies: () => false };
    const before = await createHost({ ...init, privateKey, datastore });
    const metadata = { 'last-dial-failure': Buffer.from('1') };
    for (const id of ids) await before.peerStore.merge(id, { metadata });
    await before.peerStore.merge(last, { multiaddrs: other.addresses().map((text) => multiaddr(text)) });
    const a = await lan.started({ privateKey, datastore });
    await expect.poll(() => peerIds(a), { timeout: 5_000 }).toEqual([other.peerId]);
    await expect.poll(() => idsIn(datastore)).toEqual([a, other].map(cidOf).sort());
    await a.stop();
    expect(await idsIn(datastore)).toEqual([a, other].map(cidOf).sort());
    await datastore.close();
  });

  it('chooses its port once, tries it first at the next start, and takes another when it is taken', async () => {
    const ports = new PortFile(directory);
    const portOf = (text = '') => Number(/tcp\/(\d+)/.exec(text)?.[1]);
    const first = await lan.started({ ports });
    const port = portOf(first.addresses()[0]);
    await first.stop();
    const second = await lan.started({ ports });
    expect(portOf(second.addresses()[0])).toBe(port);
    const third = await lan.started({ ports });
    expect(portOf(third.addresses()[0])).not.toBe(port);
    expect(await ports.get()).toBe(port);
  });

  it('says in one line when a port it must listen on is taken, and leaves nothing behind', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const network = await lan.network({ listen: [`/ip4/127.0.0.1/tcp/${port}`] });
    const error = await network.start().catch((error: unknown) => error);
    server.close();
    expect(error).toBeInstanceOf(ListenError);
    expect(error).toMatchObject({ code: 'port-taken' });
    expect((error as Error).message).toMatch(/^cannot listen on .*taken.*choose another[^\n]*$/);
    expect(() => network.pubsub).toThrow(NotStartedError);
  });

  it.each([
    ['no multiaddr', 'bad-address', () => 'localhost:4001'],
    ['a transport we do not speak', 'bad-address', () => '/ip4/127.0.0.1/udp/4001/quic-v1'],
    ['a port nobody listens on', 'refused', () => '/ip4/127.0.0.1/tcp/1'],
    ['our own address', 'ourselves', (own: string) => own],
    ['our own address without the id', 'ourselves', (own: string) => own.replace(/\/p2p\/.*/, '')],
  ] as const)('says in one line why it cannot connect: %s', async (_, code, address) => {
    const network = await lan.started();
    const error = await network
      .connect(address(network.addresses()[0] ?? ''))
      .catch((error: unknown) => error);
    expect(error).toBeInstanceOf(DialError);
    expect(error).toMatchObject({ code });
    expect((error as Error).message).not.toContain('\n');
  });

  it('says so when another peer is at the address than it names', async () => {
    const [a, b] = [await lan.started(), await lan.started()];
    const address = (b.addresses()[0] ?? '').replace(
      b.peerId,
      '12D3KooWNvSZnPi3RrhrTwEY4LuuBeB6K6facKUCJcyWG1aoDd2p',
    );
    await expect(a.connect(address)).rejects.toMatchObject({ code: 'wrong-peer' });
  });

  it('times out on a port that never answers, or when the caller gives up', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const network = await lan.started();
    const address = `/ip4/127.0.0.1/tcp/${port}`;
    await expect(network.connect(address, AbortSignal.timeout(200))).rejects.toMatchObject({
      code: 'timed-out',
    });
    await expect(network.connect(address, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    silent.close();
  });

  it('drops a peer that is not wanted, and keeps it out', async () => {
    const [a, b] = [await lan.started(), await lan.started()];
    await b.connect(a.addresses()[0] ?? '');
    await expect.poll(() => peerIds(a)).toEqual([b.peerId]);
    a.drop(b.peerId);
    await expect.poll(() => [peerIds(a), peerIds(b)]).toEqual([[], []]);
    await b.connect(a.addresses()[0] ?? '').catch(() => {}); // refused, or hung up on a moment later
    await expect.poll(() => [peerIds(a), b.connectionCount]).toEqual([[], 0]);
    await a.connect(b.addresses()[0] ?? '');
    await expect.poll(() => peerIds(a)).toEqual([b.peerId]);
  });

  it('lets nobody in who is dropped while its handshake goes on', async () => {
    const denies = vi.fn().mockReturnValueOnce(false).mockReturnValue(true);
    const privateKey = await ephemeralKey();
    const listen = ['/ip4/127.0.0.1/tcp/0'];
    const host = await createHost({
      networkId: NETWORK_ID,
      version: '0',
      nickname: '',
      privateKey,
      listen,
      denies,
    });
    const opened = vi.fn();
    host.addEventListener('connection:open', opened);
    await host.start();
    onTestFinished(() => host.stop());
    const b = await lan.started();
    await b.connect(`${host.getMultiaddrs()[0]}`).catch(() => {}); // refused, or hung up on a moment later
    await expect.poll(() => b.connectionCount).toBe(0);
    expect(denies).toHaveBeenCalledTimes(2);
    expect(opened).not.toHaveBeenCalled();
  });

  it('keeps out a dropped peer that it finds at an address without a name, unless a person asks for it', async () => {
    const log = recordingLogger();
    const b = await lan.started();
    const address = (b.addresses()[0] ?? '').replace(/\/p2p\/.*/, '');
    const a = await lan.started({ peers: [address], log });
    await expect.poll(() => peerIds(a)).toEqual([b.peerId]);
    a.drop(b.peerId);
    await a.stop();
    await a.start();
    const codes = () => log.said.map(({ fields }) => (fields as { code?: string }).code);
    await expect.poll(codes).toContain('cancelled');
    expect(peerIds(a)).toEqual([]);
    await a.connect(address);
    await expect.poll(() => peerIds(a)).toEqual([b.peerId]);
  });

  it('drops nobody, and complains of nothing, from the moment when it is told to stop', async () => {
    const [a, b] = [await lan.started(), await lan.started()];
    await b.connect(a.addresses()[0] ?? '');
    const stopping = a.stop();
    expect(a.drop(b.peerId)).toBe(false);
    await stopping;
    expect(a.drop(b.peerId)).toBe(false);
  });

  it('serves protocols, and opens streams to connected peers only', async () => {
    const [a, b] = [await lan.network(), await lan.started()];
    await a.handle('/echo/1', async (stream) => {
      for await (const bytes of stream) stream.send(bytes);
      await stream.close();
    });
    await a.start();
    const signal = AbortSignal.timeout(5_000);
    await expect(b.openStream(a.peerId, '/echo/1', { signal })).rejects.toBeInstanceOf(NotConnectedError);
    await b.connect(a.addresses()[0] ?? '');
    const stream = await b.openStream(a.peerId, '/echo/1', { signal });
    stream.send(new TextEncoder().encode('hello'));
    await stream.close();
    const parts: Uint8Array[] = [];
    for await (const bytes of stream) parts.push(bytes.subarray());
    expect(Buffer.concat(parts).toString()).toBe('hello');
    await a.unhandle('/echo/1');
    await expect(b.openStream(a.peerId, '/echo/1', { signal })).rejects.toThrow();
  });

  it('cuts the connection of a stranger who sends a frame of 4 GB, and tells who it was', async () => {
    const hit = vi.fn();
    const network = await lan.started({ bounds: { hit } });
    const { id, connection } = await naked({ address: network.addresses()[0] ?? '' });
    connection.send(yamuxHeader(0, 1, 1, 0xffff_ffff));
    await expect
      .poll(() => [hit.mock.calls, network.connectionCount])
      .toEqual([[['muxer-frame-size', id]], 0]);
  });

  it('starts and stops as often as it is told, and is the same node each time', async () => {
    const a = await lan.started();
    await a.start();
    await a.stop();
    await a.stop();
    expect(a.addresses()).toEqual([]);
    await a.start();
    expect(a.addresses()[0]).toContain(a.peerId);
  });

  it('leaves nothing behind that keeps a process alive', async () => {
    const program = `
      const { Network } = await import('./dist/src/network/network.js');
      const { ephemeralKey } = await import('./dist/src/network/identity.js');
      const { SILENT } = await import('./dist/src/log.js');
      const make = async () => {
        const network = new Network({ networkId: '${OWN_NETWORK_ID}', version: '0', nickname: '', log: SILENT,
          privateKey: await ephemeralKey(), peers: ['/ip4/127.0.0.1/tcp/1'] });
        const met = new Promise((resolve) => network.once('peer:connect', resolve));
        await network.start();
        return { network, met };
      };
      const both = [await make(), await make()];
      await Promise.all(both.map(({ met }) => met));
      const before = Date.now();
      await Promise.all(both.map(({ network }) => network.stop()));
      const stopped = Date.now() - before;
      process.on('exit', () => console.log(JSON.stringify({ stopped, lingered: Date.now() - before - stopped })));
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { timeout: 20_000 });
    let out = '';
    let err = '';
    child.stdout.on('data', (text) => (out += text));
    child.stderr.on('data', (text) => (err += text));
    await once(child, 'close');
    expect(err).toBe('');
    const { stopped, lingered } = JSON.parse(out);
    expect(stopped).toBeLessThan(2_000);
    expect(lingered).toBeLessThan(2_000);
  });
});
