/** Who may connect, how often and with what, and what comes of it. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { multiaddr } from '@multiformats/multiaddr';
import { expect, it, onTestFinished } from 'vitest';
import { topics } from '../../protocols/gossip/topics.js';
import { MAX_CONNECTIONS_PER_PEER } from '../../src/network/constants.js';
import { describeNodes, RunningNode, untilStatus } from '../e2e/running-node.js';
import {
  announcement,
  besiege,
  connect,
  GOSSIPSUB,
  open,
  pour,
  rpcs,
  stranger,
  until,
  type Victim,
} from './attacker.js';
import { line, naked, socket, yamuxHeader } from './raw.js';
import { hitsOf, NETWORK, NETWORK_ID, SECONDS, survive } from './siege.js';

const topic = topics(NETWORK_ID).peers;
const rest = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** What sockets do that never become connections. */
const SOCKETS: [string, (socket: Socket) => unknown][] = [
  ['idle', () => {}],
  ['garbage', (raw) => raw.write(randomBytes(60_000))],
  [
    'half a handshake',
    (raw) =>
      raw.write(
        Buffer.concat([line('/multistream/1.0.0'), line('/noise'), Buffer.of(0, 32), randomBytes(20)]),
      ),
  ],
  [
    'a handshake of garbage',
    (raw) =>
      raw.write(
        Buffer.concat([line('/multistream/1.0.0'), line('/noise'), Buffer.of(0, 32), randomBytes(32)]),
      ),
  ],
  [
    'an endless negotiation',
    (raw) =>
      raw.write(
        Buffer.concat([line('/multistream/1.0.0'), ...Array.from({ length: 2_000 }, () => line('/nothing'))]),
      ),
  ],
  [
    'a negotiation of 100 MB',
    (raw) =>
      raw.write(
        Buffer.concat([line('/multistream/1.0.0'), Buffer.of(0x80, 0xc2, 0xd7, 0x2f), randomBytes(60_000)]),
      ),
  ],
  [
    'slow bytes',
    async (raw) => {
      for (const byte of line('/multistream/1.0.0')) {
        raw.write(Buffer.of(byte));
        await rest(300);
      }
    },
  ],
];

describeNodes('sockets that are no peers', () => {
  it.each(SOCKETS)('%s, two hundred at a time, keep no newcomer out', async (_, speak) => {
    await survive(async (target) => {
      const sockets = new Set<Socket>();
      const joining = join(target);
      while (target.goesOn()) {
        for (const raw of sockets) if (raw.destroyed) sockets.delete(raw);
        while (sockets.size < 200) {
          const raw = socket(target);
          raw.once('connect', () => void speak(raw));
          sockets.add(raw);
        }
        await rest(20);
      }
      await joining;
    });
  });
});

/** A third honest node finds its way in, and to so many peers. */
async function join({ address }: Victim, count = 1): Promise<void> {
  const node = await RunningNode.start([
    ...['--network', NETWORK.name, '--difficulty', String(NETWORK.difficulty), '--peer', address],
    ...['--port', '0', '--no-mdns', '--ephemeral', '--listen', '/ip4/127.0.0.1/tcp/0'],
  ]);
  await untilStatus(node, ({ peers, length }) => peers >= count && length >= 2, 20_000);
  await node.end('SIGTERM');
}

const PING = 2;
const WINDOW = 1;
const DATA = 0;
const SYN = 1;

/** What is said below yamux, over and over. */
const FRAMES: [string, boolean, () => Uint8Array][] = [
  [
    'a frame of 4 GB',
    true,
    () => Buffer.concat([yamuxHeader(DATA, SYN, 1, 0xffff_ffff), randomBytes(60_000)]),
  ],
  [
    'bytes for a stream that is not there',
    false,
    () => Buffer.concat([yamuxHeader(DATA, 0, 9, 60_000), randomBytes(60_000)]),
  ],
  ['pings, whose answers are not read', false, () => many(5_000, (i) => yamuxHeader(PING, SYN, 0, i))],
  ['window updates', false, () => many(5_000, () => yamuxHeader(WINDOW, 0, 1, 1))],
  ['new streams', false, newStreams()],
];

function many(count: number, frame: (i: number) => Uint8Array): Uint8Array {
  return Buffer.concat(Array.from({ length: count }, (_, i) => frame(i)));
}

function newStreams(): () => Uint8Array {
  let first = 1;
  return () => {
    const streams = many(1_000, (i) => yamuxHeader(WINDOW, SYN, first + 2 * i, 0));
    first += 2_000;
    return streams;
  };
}

describeNodes('a connection that brings', () => {
  it.each(FRAMES)('%s, stops nobody', async (_, isProvable, frames) => {
    let id = '';
    const { linesAbout } = await survive(async (target) => {
      const bare = await naked(target);
      id = bare.id;
      // What is said before counts as a part of the handshake, which names nobody.
      await bare.spokenTo;
      await pour(bare.connection, target, frames);
      if (isProvable) await until(() => bare.connection.status !== 'open');
      if (isProvable) expect(bare.connection.status).not.toBe('open');
    });
    expect(linesAbout(id).filter((line) => line.includes('peer-dropped'))).toHaveLength(isProvable ? 1 : 0);
  });

  it('a frame of 4 GB right behind its handshake, is cut and named', async () => {
    let id = '';
    const { linesAbout } = await survive(async (target) => {
      const bare = await naked(target, yamuxHeader(DATA, SYN, 1, 0xffff_ffff));
      id = bare.id;
      await until(() => bare.connection.status !== 'open');
      expect(bare.connection.status).not.toBe('open');
    });
    expect(linesAbout(id).filter((line) => line.includes('peer-dropped'))).toHaveLength(1);
  });
});

describeNodes('a connection with many streams', () => {
  it('on each of which more is asked for than is read, stops nobody', async () => {
    await survive(async (target) => {
      // A negotiation of protocols that nobody knows, whose answers are not read.
      const noise = Buffer.concat([
        line('/multistream/1.0.0'),
        ...Array.from({ length: 5_000 }, () => line(`/${'x'.repeat(100)}`)),
      ]);
      await Promise.all(
        Array.from({ length: 4 }, async () => {
          const bare = await naked(target);
          let stream = 1;
          await pour(bare.connection, target, () => {
            stream = stream > 255 ? 1 : stream + 2;
            const header = yamuxHeader(DATA, 0, stream, noise.length);
            const opening = yamuxHeader(WINDOW, SYN, stream, 0);
            return Buffer.concat([opening, header, noise]);
          });
        }),
      );
    });
  });
});

describeNodes('strangers', () => {
  it('who connect and disconnect a hundred times a second stop nobody, and do not fill the log', async () => {
    const { log } = await survive(async (target) => {
      const hosts = await Promise.all(Array.from({ length: 5 }, () => stranger()));
      while (target.goesOn()) {
        const second = rest(50);
        await Promise.allSettled(
          hosts.map(
            async (host) => await (await connect(host, target)).close({ signal: AbortSignal.timeout(1_000) }),
          ),
        );
        await second;
      }
    });
    expect(log.split('\n').length).toBeLessThan(150 + 60 * SECONDS);
  });

  it('of one identity, who dial over and over, are left a few connections', async () => {
    await survive(async (target) => {
      const host = await stranger();
      // Where nobody answers who it is, no connection is taken for the newer of two, whose older is closed.
      await host.unhandle('/ipfs/id/1.0.0');
      const before = await hitsOf('connections-per-peer', target);
      for (let dials = 0; dials < 20 || target.goesOn(); dials++)
        await host.dial(multiaddr(target.address), { force: true }).catch(() => rest(50)); // refused
      expect(await hitsOf('connections-per-peer', target)).toBeGreaterThan(before);
      await expect.poll(() => host.getConnections().length).toBeLessThanOrEqual(MAX_CONNECTIONS_PER_PEER);
    });
  });

  it('of two hundred identities at once stop nobody, and are not all let in', async () => {
    await survive(async (target) => {
      const hosts = await Promise.all(Array.from({ length: 200 }, () => stranger()));
      await Promise.allSettled(hosts.map((host) => connect(host, target)));
      while (target.goesOn()) await rest(50);
      const { peers } = await target.node.status();
      expect(peers).toBeGreaterThan(2);
      expect(peers).toBeLessThanOrEqual(97);
    });
  });

  it('who announce others without end, who are not there, do not hide a newcomer', async () => {
    await survive(async (target, [, second]) => {
      // Whoever dials them is let in, and waits.
      const mute = createServer((socket) => void socket.on('error', () => {})).listen(0, '127.0.0.1');
      onTestFinished(() => void mute.close());
      await once(mute, 'listening');
      const { port } = mute.address() as AddressInfo;
      const [address = ''] = (await second.status()).addresses;
      let isOver = false;
      const flood = async (victim: Victim) => {
        const { connection } = await besiege(victim);
        const stream = await open(connection, GOSSIPSUB);
        await pour(stream, { goesOn: () => !isOver || target.goesOn() }, async () => {
          await rest(20);
          const messages = Array.from({ length: 20 }, () => ({ topic, data: announcement(port) }));
          return rpcs({ messages });
        });
      };
      const floods = [flood(target), flood({ address })];
      await rest(500);
      await join({ address }, 2);
      isOver = true;
      await Promise.all(floods);
    });
  });

  it('who answer no stream of ours do not keep a newcomer from gossip', async () => {
    await survive(async (target) => {
      // They never read a word of the negotiation.
      const mute = (stream: { pause(): void }) => stream.pause();
      await Promise.all(Array.from({ length: 10 }, () => besiege(target, { gossip: mute })));
      await Promise.all(Array.from({ length: 5 }, () => naked(target)));
      await join(target);
    });
  });
});
